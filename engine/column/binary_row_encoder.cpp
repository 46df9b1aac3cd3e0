// BinaryRowCodec::Encode: one field of all rows at a time.
#include <algorithm>
#include <cassert>
#include <type_traits>

#include "column/binary_row.h"
#include "column/binary_row_layout.h"
#include "column/gather.h"
#include "column/nested_value.h"
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
  size_t TotalBytes(int32_t count) const { return static_cast<size_t>(count) * width; }
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
  size_t TotalBytes(int32_t count) const { return offsets[count]; }
  uint32_t Take(int32_t i, uint32_t size) const {
    const uint32_t at = next[i];
    next[i] = at + size;
    return at;
  }
  void FieldDone(uint32_t) {}
};

// Rows [begin, end) that are written together.
struct Range {
  int32_t begin;
  int32_t end;
};
constexpr int64_t kRangeBytes = 16 * 1024;

// Where one field of each row goes. Passed by value: the kernels store through char*, so members of
// an object in memory would be loaded again for every row.
template <typename Rows>
struct Slots {
  Rows rows;
  int32_t at;         // of the slot within the row
  uint32_t null_bit;  // of the field within the header

  void Store(int32_t i, uint64_t slot) const { StoreWord(rows.row(i) + at, slot); }
  void StoreNull(int32_t i, uint64_t slot = 0) const {
    char* row = rows.row(i);
    row[null_bit >> 3] = static_cast<char>(row[null_bit >> 3] | 1 << (null_bit & 7));
    StoreWord(row + at, slot);
  }
  void StoreBytes(int32_t i, const char* bytes, uint32_t size) const {
    const uint32_t padded = Padded(size);
    const uint32_t offset = rows.Take(i, padded);
    char* target = rows.row(i) + offset;
    StoreWord(target + padded - 8, 0);
    std::memcpy(target, bytes, size);
    Store(i, VariableSlot(offset, size));
  }
  // A NULL whose room of `size` bytes in the variable part is kept.
  void StoreReservedNull(int32_t i, uint32_t size) const {
    const uint32_t offset = rows.Take(i, size);
    std::memset(rows.row(i) + offset, 0, size);
    StoreNull(i, VariableSlot(offset, 0));
  }
};

template <typename Rows>
void WriteHeaders(Rows rows, Range range, int32_t header_bytes) {
  for (int32_t i = range.begin; i < range.end; ++i) {
    char* row = rows.row(i);
    StoreWord(row, 0);
    for (int32_t at = 8; at < header_bytes; at += 8) StoreWord(row + at, 0);
  }
}

template <typename T, typename Rows>
void WriteFixed(Slots<Rows> slots, const Column& column, Range range) {
  VisitRows<T>(
      column, range.begin, range.end,
      [&](int32_t i, const T& value) { slots.Store(i, binary_row::FixedSlot(value)); },
      [&](int32_t i) { slots.StoreNull(i); });
}

template <typename Rows>
void WriteStrings(Slots<Rows> slots, const Column& column, Range range) {
  VisitRows<StringRef>(
      column, range.begin, range.end,
      [&](int32_t i, const StringRef& text) {
        if (text.size() <= binary_row::kMaxInline) {
          slots.Store(i, binary_row::InlineSlot(text));
        } else {
          slots.StoreBytes(i, text.data(), text.size());
        }
      },
      [&](int32_t i) { slots.StoreNull(i); });
}

// Bytes that never stand in their slot.
template <typename Rows>
void WriteOpaque(Slots<Rows> slots, const Column& column, Range range) {
  VisitRows<StringRef>(
      column, range.begin, range.end,
      [&](int32_t i, const StringRef& bytes) {
        if (bytes.size() > 0) return slots.StoreBytes(i, bytes.data(), bytes.size());
        slots.Store(i, VariableSlot(slots.rows.Take(i, 0), 0));
      },
      [&](int32_t i) { slots.StoreNull(i); });
}

template <typename Rows>
void WriteNested(Slots<Rows> slots, const Column& column, const EncodedRows& nested, Range range) {
  for (int32_t i = range.begin; i < range.end; ++i) {
    if (column.IsNull(i)) {
      slots.StoreNull(i);
    } else {
      const std::string_view bytes = nested.row(i);
      slots.StoreBytes(i, bytes.data(), static_cast<uint32_t>(bytes.size()));
    }
  }
}

template <typename Rows>
void WriteDecimals(Slots<Rows> slots, const Column& column, Range range, bool reserve_nulls) {
  constexpr uint32_t kBytes = binary_row::kDecimalBytes;
  VisitRows<int128_t>(
      column, range.begin, range.end,
      [&](int32_t i, const int128_t& value) {
        const uint32_t offset = slots.rows.Take(i, kBytes);
        const uint32_t size = binary_row::StoreDecimal(value, slots.rows.row(i) + offset);
        slots.Store(i, VariableSlot(offset, size));
      },
      [&](int32_t i) { reserve_nulls ? slots.StoreReservedNull(i, kBytes) : slots.StoreNull(i); });
}

template <int64_t kTicksPerMilli, typename Rows>
void WriteTimestamps(Slots<Rows> slots, const Column& column, Range range, bool reserve_nulls) {
  constexpr uint32_t kBytes = binary_row::kTimestampBytes;
  VisitRows<int64_t>(
      column, range.begin, range.end,
      [&](int32_t i, const int64_t& ticks) {
        const auto time = binary_row::SplitTicks<kTicksPerMilli>(ticks);
        const uint32_t offset = slots.rows.Take(i, kBytes);
        StoreWord(slots.rows.row(i) + offset, static_cast<uint64_t>(time.millis));
        slots.Store(i, VariableSlot(offset, time.nanos));
      },
      [&](int32_t i) { reserve_nulls ? slots.StoreReservedNull(i, kBytes) : slots.StoreNull(i); });
}

// `nested`: the values of a ROW or list column, encoded; else null.
template <typename Rows>
void WriteField(Slots<Rows> slots, const LogicalType& type, const Column& column,
                const EncodedRows* nested, Range range, bool reserve_nulls) {
  if (nested != nullptr) return WriteNested(slots, column, *nested, range);
  if (binary_row::IsOpaque(type)) return WriteOpaque(slots, column, range);
  if (column.physical() == PhysicalType::kString) return WriteStrings(slots, column, range);
  if (binary_row::ReservedBytes(type) == 0) {
    return DispatchPhysical(column.physical(), [&]<typename T>() {
      if constexpr (!std::is_same_v<T, StringRef>) WriteFixed<T>(slots, column, range);
    });
  }
  if (!type.IsTimestamp()) return WriteDecimals(slots, column, range, reserve_nulls);
  if (type.TicksPerSecond() == 1'000'000) {
    return WriteTimestamps<1'000>(slots, column, range, reserve_nulls);
  }
  WriteTimestamps<1'000'000>(slots, column, range, reserve_nulls);
}

template <typename Rows>
void WriteRange(Rows rows, const std::vector<LogicalType>& types,
                std::span<const ColumnPtr> columns, const std::vector<EncodedRows>& nested,
                Range range, bool reserve_nulls) {
  const int32_t header_bytes = binary_row::HeaderBytes(types.size());
  WriteHeaders(rows, range, header_bytes);
  for (size_t i = 0; i < types.size(); ++i) {
    const auto field = static_cast<int32_t>(i);
    const bool is_nested = i < nested.size() && binary_row::IsNested(types[i]);
    const Slots<Rows> slots{rows, header_bytes + 8 * field,
                            static_cast<uint32_t>(field) + binary_row::kHeaderBits};
    WriteField(slots, types[i], *columns[i], is_nested ? &nested[i] : nullptr, range,
               reserve_nulls);
    rows.FieldDone(static_cast<uint32_t>(binary_row::ReservedBytes(types[i])));
  }
}

// Field after field of so many rows as stay in the nearest cache meanwhile.
template <typename Rows>
void WriteAll(Rows rows, const std::vector<LogicalType>& types, std::span<const ColumnPtr> columns,
              const std::vector<EncodedRows>& nested, int32_t count, bool reserve_nulls) {
  const int64_t row_bytes = static_cast<int64_t>(rows.TotalBytes(count)) / std::max(count, 1) + 1;
  const auto step = static_cast<int32_t>(std::max<int64_t>(kRangeBytes / row_bytes, 16));
  for (int32_t begin = 0; begin < count; begin += step) {
    const Range range{begin, std::min(begin + step, count)};
    WriteRange(rows, types, columns, nested, range, reserve_nulls);
  }
}

// Adds to sizes[i] what `column` takes in the variable part of row i.
void AddVariableSizes(const LogicalType& type, const Column& column, const EncodedRows* nested,
                      bool reserve_nulls, int32_t count, uint32_t* sizes) {
  if (nested != nullptr) {
    for (int32_t i = 0; i < count; ++i) {
      if (!column.IsNull(i)) sizes[i] += Padded(static_cast<uint32_t>(nested->row(i).size()));
    }
  } else if (column.physical() == PhysicalType::kString) {
    const bool opaque = binary_row::IsOpaque(type);
    VisitRows<StringRef>(
        column, count,
        [&](int32_t i, const StringRef& text) {
          const bool in_slot = text.size() <= binary_row::kMaxInline && !opaque;
          sizes[i] += in_slot ? 0 : Padded(text.size());
        },
        [](int32_t) {});
  } else if (const auto bytes = static_cast<uint32_t>(binary_row::ReservedBytes(type))) {
    for (int32_t i = 0; i < count; ++i) {
      if (reserve_nulls || !column.IsNull(i)) sizes[i] += bytes;
    }
  }
}

}  // namespace

std::vector<EncodedRows> BinaryRowCodec::EncodeNested(std::span<const ColumnPtr> columns,
                                                      int32_t count) const {
  std::vector<EncodedRows> nested;
  for (size_t i = 0; i < types_.size(); ++i) {
    if (nested_[i] == nullptr) continue;
    nested.resize(types_.size());
    nested_[i]->Encode(Slice(columns[i], 0, count), &nested[i]);
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
    return WriteAll(rows, types_, columns, nested, count, reserve_nulls);
  }
  SizeRows(columns, nested, count, out);
  out->bytes.resize(out->offsets.back());
  std::vector<uint32_t> next(static_cast<size_t>(count), static_cast<uint32_t>(fixed_part_));
  const VariableRows rows{out->bytes.data(), out->offsets.data(), next.data()};
  WriteAll(rows, types_, columns, nested, count, reserve_nulls);
}

}  // namespace castor
