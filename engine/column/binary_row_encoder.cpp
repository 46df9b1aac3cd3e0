// BinaryRowCodec::Encode: one field of all rows at a time.
#include <bit>
#include <cassert>
#include <type_traits>

#include "column/binary_row.h"
#include "column/binary_row_layout.h"
#include "column/gather.h"
#include "column/visit.h"

namespace castor {

using binary_row::Padded;
using binary_row::StoreWord;
using binary_row::VariableSlot;

namespace {

// Where rows of one size lie, and where in each the next variable-length value goes.
struct FixedRows {
  char* bytes;
  size_t width;
  uint32_t next;

  char* row(int32_t i) const { return bytes + static_cast<size_t>(i) * width; }
  uint32_t Take(int32_t, uint32_t) const { return next; }
  // The values of a field all stand at the same place.
  void FieldDone(uint32_t size) { next += size; }
};

// The same for rows of different sizes.
struct VariableRows {
  char* bytes;
  const uint32_t* offsets;
  uint32_t* next;

  char* row(int32_t i) const { return bytes + offsets[i]; }
  uint32_t Take(int32_t i, uint32_t size) const {
    const uint32_t at = next[i];
    next[i] = at + size;
    return at;
  }
  void FieldDone(uint32_t) {}
};

// Values narrower than a slot leave the rest of it zero.
template <typename T>
uint64_t FixedSlot(T value) {
  if constexpr (std::is_same_v<T, int128_t>) {
    return static_cast<uint64_t>(value);  // precision <= 18
  } else if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<uint32_t>(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<uint64_t>(value);
  } else {
    return static_cast<std::make_unsigned_t<T>>(value);
  }
}

// BigInteger.toByteArray(): the shortest big-endian two's complement. `target` takes 16 bytes, the
// rest zero; the size is returned.
uint32_t StoreDecimal(int128_t value, char* target) {
  const auto high = static_cast<int64_t>(value >> 64);
  const auto low = static_cast<uint64_t>(value);
  const auto sign = static_cast<uint64_t>(high >> 63);
  const uint64_t top = static_cast<uint64_t>(high) ^ sign;
  const int bits = top != 0 ? 128 - std::countl_zero(top) : 64 - std::countl_zero(low ^ sign);
  const auto size = static_cast<uint32_t>(bits / 8 + 1);
  char big_endian[32] = {};
  StoreWord(big_endian, __builtin_bswap64(static_cast<uint64_t>(high)));
  StoreWord(big_endian + 8, __builtin_bswap64(low));
  std::memcpy(target, big_endian + 16 - size, 16);
  return size;
}

template <typename Rows>
class FieldWriter {
 public:
  FieldWriter(Rows rows, int32_t count, int32_t header_bytes, bool reserve_nulls)
      : rows_(rows), count_(count), header_bytes_(header_bytes), reserve_nulls_(reserve_nulls) {
    for (int32_t i = 0; i < count; ++i) {
      for (int32_t at = 0; at < header_bytes; at += 8) StoreWord(rows_.row(i) + at, 0);
    }
  }

  void Write(const LogicalType& type, const Column& column, const EncodedRows* nested, int field) {
    slot_ = header_bytes_ + 8 * field;
    null_bit_ = static_cast<uint32_t>(field) + binary_row::kHeaderBits;
    if (nested != nullptr) return WriteRows(column, *nested);
    if (column.physical() == PhysicalType::kString) return WriteStrings(column);
    if (binary_row::ReservedBytes(type) > 0) {
      return type.IsTimestamp() ? WriteTimestamps(type, column) : WriteDecimals(column);
    }
    DispatchPhysical(column.physical(), [&]<typename T>() { WriteFixed<T>(column); });
  }

 private:
  void SetNull(int32_t i, uint64_t slot = 0) {
    char* row = rows_.row(i);
    row[null_bit_ >> 3] = static_cast<char>(row[null_bit_ >> 3] | 1 << (null_bit_ & 7));
    StoreWord(row + slot_, slot);
  }

  template <typename T>
  void WriteFixed(const Column& column) {
    if constexpr (std::is_same_v<T, StringRef>) {
      __builtin_unreachable();
    } else {
      VisitRows<T>(
          column, count_,
          [&](int32_t i, const T& value) { StoreWord(rows_.row(i) + slot_, FixedSlot(value)); },
          [&](int32_t i) { SetNull(i); });
    }
  }

  void WriteStrings(const Column& column) {
    VisitRows<StringRef>(
        column, count_,
        [&](int32_t i, const StringRef& text) {
          char* row = rows_.row(i);
          if (text.size() <= binary_row::kMaxInline) {
            StoreWord(row + slot_, binary_row::InlineSlot(text));
          } else {
            CopyVariable(i, row, text.data(), text.size());
          }
        },
        [&](int32_t i) { SetNull(i); });
  }

  void WriteRows(const Column& column, const EncodedRows& nested) {
    for (int32_t i = 0; i < count_; ++i) {
      if (column.IsNull(i)) {
        SetNull(i);
      } else {
        const std::string_view bytes = nested.row(i);
        CopyVariable(i, rows_.row(i), bytes.data(), static_cast<uint32_t>(bytes.size()));
      }
    }
  }

  void CopyVariable(int32_t i, char* row, const char* bytes, uint32_t size) {
    const uint32_t padded = Padded(size);
    const uint32_t at = rows_.Take(i, padded);
    StoreWord(row + at + padded - 8, 0);
    std::memcpy(row + at, bytes, size);
    StoreWord(row + slot_, VariableSlot(at, size));
  }

  void WriteDecimals(const Column& column) {
    constexpr uint32_t kBytes = binary_row::kDecimalBytes;
    VisitRows<int128_t>(
        column, count_,
        [&](int32_t i, const int128_t& value) {
          const uint32_t at = rows_.Take(i, kBytes);
          char* row = rows_.row(i);
          StoreWord(row + slot_, VariableSlot(at, StoreDecimal(value, row + at)));
        },
        [&](int32_t i) {
          if (!reserve_nulls_) return SetNull(i);
          const uint32_t at = rows_.Take(i, kBytes);
          std::memset(rows_.row(i) + at, 0, kBytes);
          SetNull(i, VariableSlot(at, 0));
        });
    rows_.FieldDone(kBytes);
  }

  void WriteTimestamps(const LogicalType& type, const Column& column) {
    if (type.TicksPerSecond() == 1'000'000) {
      WriteTicks<1'000>(column);
    } else {
      WriteTicks<1'000'000>(column);
    }
  }

  template <int64_t kTicksPerMilli>
  void WriteTicks(const Column& column) {
    constexpr uint32_t kBytes = binary_row::kTimestampBytes;
    constexpr int64_t kNanosPerTick = 1'000'000 / kTicksPerMilli;
    VisitRows<int64_t>(
        column, count_,
        [&](int32_t i, const int64_t& ticks) {
          int64_t millis = ticks / kTicksPerMilli;
          int64_t rest = ticks % kTicksPerMilli;
          if (rest < 0) --millis, rest += kTicksPerMilli;
          const uint32_t at = rows_.Take(i, kBytes);
          char* row = rows_.row(i);
          StoreWord(row + at, static_cast<uint64_t>(millis));
          StoreWord(row + slot_, VariableSlot(at, static_cast<uint32_t>(rest * kNanosPerTick)));
        },
        [&](int32_t i) {
          if (!reserve_nulls_) return SetNull(i);
          const uint32_t at = rows_.Take(i, kBytes);
          StoreWord(rows_.row(i) + at, 0);
          SetNull(i, VariableSlot(at, 0));
        });
    rows_.FieldDone(kBytes);
  }

  Rows rows_;
  const int32_t count_;
  const int32_t header_bytes_;
  const bool reserve_nulls_;
  int32_t slot_ = 0;
  uint32_t null_bit_ = 0;
};

// Adds to sizes[i] what `column` takes in the variable part of row i.
void AddVariableSizes(const LogicalType& type, const Column& column, const EncodedRows* nested,
                      bool reserve_nulls, int32_t count, uint32_t* sizes) {
  if (nested != nullptr) {
    for (int32_t i = 0; i < count; ++i) {
      if (!column.IsNull(i)) sizes[i] += Padded(static_cast<uint32_t>(nested->row(i).size()));
    }
  } else if (column.physical() == PhysicalType::kString) {
    VisitRows<StringRef>(
        column, count,
        [&](int32_t i, const StringRef& text) {
          sizes[i] += text.size() <= binary_row::kMaxInline ? 0 : Padded(text.size());
        },
        [](int32_t) {});
  } else if (const auto bytes = static_cast<uint32_t>(binary_row::ReservedBytes(type))) {
    for (int32_t i = 0; i < count; ++i) {
      if (reserve_nulls || !column.IsNull(i)) sizes[i] += bytes;
    }
  }
}

template <typename Rows>
void WriteFields(FieldWriter<Rows> writer, const std::vector<LogicalType>& types,
                 std::span<const ColumnPtr> columns, const std::vector<EncodedRows>& nested) {
  for (size_t i = 0; i < types.size(); ++i) {
    const bool is_row = columns[i]->physical() == PhysicalType::kRow;
    writer.Write(types[i], *columns[i], is_row ? &nested[i] : nullptr, static_cast<int>(i));
  }
}

}  // namespace

std::vector<EncodedRows> BinaryRowCodec::EncodeNested(std::span<const ColumnPtr> columns,
                                                      int32_t count) const {
  std::vector<EncodedRows> nested;
  for (size_t i = 0; i < types_.size(); ++i) {
    if (nested_[i] == nullptr) continue;
    nested.resize(types_.size());
    nested_[i]->Encode(Flatten(Slice(columns[i], 0, count))->children(), count, &nested[i]);
  }
  return nested;
}

void BinaryRowCodec::SizeRows(std::span<const ColumnPtr> columns,
                              const std::vector<EncodedRows>& nested, int32_t count,
                              EncodedRows* out) const {
  out->offsets.assign(static_cast<size_t>(count) + 1, static_cast<uint32_t>(fixed_part_));
  out->offsets[0] = 0;
  uint32_t* sizes = out->offsets.data() + 1;
  for (size_t i = 0; i < types_.size(); ++i) {
    AddVariableSizes(types_[i], *columns[i], nested_[i] != nullptr ? &nested[i] : nullptr,
                     null_form_ == NullForm::kReserved, count, sizes);
  }
  for (int32_t i = 1; i < count; ++i) sizes[i] += sizes[i - 1];
}

void BinaryRowCodec::Encode(std::span<const ColumnPtr> columns, int32_t count,
                            EncodedRows* out) const {
  assert(columns.size() == types_.size());
  const std::vector<EncodedRows> nested = EncodeNested(columns, count);
  const bool reserve_nulls = null_form_ == NullForm::kReserved;
  out->count = count;
  out->fixed_width = row_width_;
  if (row_width_ > 0) {
    out->offsets.clear();
    out->bytes.resize(static_cast<size_t>(count) * static_cast<size_t>(row_width_));
    const FixedRows rows{out->bytes.data(), static_cast<size_t>(row_width_),
                         static_cast<uint32_t>(fixed_part_)};
    WriteFields(FieldWriter(rows, count, header_bytes_, reserve_nulls), types_, columns, nested);
    return;
  }
  SizeRows(columns, nested, count, out);
  out->bytes.resize(out->offsets.back());
  std::vector<uint32_t> next(static_cast<size_t>(count), static_cast<uint32_t>(fixed_part_));
  const VariableRows rows{out->bytes.data(), out->offsets.data(), next.data()};
  WriteFields(FieldWriter(rows, count, header_bytes_, reserve_nulls), types_, columns, nested);
}

}  // namespace castor
