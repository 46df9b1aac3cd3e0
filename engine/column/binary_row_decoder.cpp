// BinaryRowCodec::Decode: one field of many rows at a time.
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "column/binary_row.h"
#include "column/binary_row_layout.h"
#include "column/nested_value.h"
#include "column/string_arena.h"

namespace castor {

using binary_row::LoadWord;

namespace {

// The rows to decode and a field of theirs.
struct Field {
  const char* const* rows;
  int32_t slot;       // its offset within a row
  uint32_t null_bit;  // its place in the header

  const char* at(int32_t i) const { return rows[i] + slot; }
  uint64_t word(int32_t i) const { return LoadWord(at(i)); }
};

// Writes the validity of the rows [begin, end), `begin` a multiple of 64.
void DecodeValidity(Field field, int32_t begin, int32_t end, uint8_t* validity) {
  const uint32_t byte = field.null_bit >> 3;
  const uint32_t shift = field.null_bit & 7;
  for (int32_t start = begin; start < end; start += 64) {
    const int32_t stop = std::min(start + 64, end);
    uint64_t nulls = 0;
    for (int32_t i = start; i < stop; ++i) {
      const auto bit =
          static_cast<uint64_t>(static_cast<uint8_t>(field.rows[i][byte]) >> shift & 1);
      nulls |= bit << (i - start);
    }
    binary_row::StoreWord(reinterpret_cast<char*>(validity) + start / 8, ~nulls);
  }
}

// The headers of the rows [begin, end), or-ed: a bit that is clear says that a field has no NULL
// there.
void MergeHeaders(const char* const* rows, int32_t begin, int32_t end,
                  std::vector<uint64_t>* header) {
  for (size_t word = 0; word < header->size(); ++word) {
    uint64_t merged = 0;
    for (int32_t i = begin; i < end; ++i) merged |= LoadWord(rows[i] + 8 * word);
    (*header)[word] = merged;
  }
}

template <typename T>
void DecodeFixed(Field field, int32_t begin, int32_t end, Column* column) {
  T* target = column->mutable_values<T>();
  for (int32_t i = begin; i < end; ++i) target[i] = binary_row::FromSlot<T>(field.word(i));
}

// A NULL without room has a zero slot; it reads the row's header, which is there.
void DecodeDecimals(Field field, int32_t begin, int32_t end, Column* column) {
  auto* target = column->mutable_values<int128_t>();
  for (int32_t i = begin; i < end; ++i) {
    const uint64_t slot = field.word(i);
    target[i] = binary_row::LoadDecimal(field.rows[i] + (slot >> 32), static_cast<uint32_t>(slot));
  }
}

void DecodeTimestamps(Field field, int32_t begin, int32_t end, Column* column) {
  const int64_t ticks_per_milli = column->type().TicksPerSecond() / 1'000;
  auto* target = column->mutable_values<int64_t>();
  for (int32_t i = begin; i < end; ++i) {
    const uint64_t slot = field.word(i);
    const uint64_t millis = LoadWord(field.rows[i] + (slot >> 32));
    target[i] = binary_row::JoinTicks(millis, static_cast<uint32_t>(slot), ticks_per_milli);
  }
}

void DecodeStrings(Field field, int32_t begin, int32_t end, Column* column, StringArena* arena) {
  auto* target = column->mutable_values<StringRef>();
  for (int32_t i = begin; i < end; ++i) {
    const char* at = field.at(i);
    const uint64_t slot = LoadWord(at);
    if (binary_row::IsInlineSlot(slot)) {
      target[i] = StringRef(at, binary_row::InlineSize(slot));
    } else {
      target[i] = arena->Add({field.rows[i] + (slot >> 32), static_cast<uint32_t>(slot)});
    }
  }
}

// Decodes one field, range after range.
class FieldDecoder {
 public:
  FieldDecoder(const LogicalType& type, Field field, int32_t count)
      : field_(field),
        validity_bytes_(static_cast<size_t>(bitmap::Words(count)) * 8),
        // Chunks near what a small result needs: one row must not keep 64 KiB alive.
        arena_(std::clamp<size_t>(static_cast<size_t>(count) * 32, 128, 64 * 1024)) {
    if (binary_row::IsNested(type)) {
      inner_.resize(static_cast<size_t>(count));
    } else {
      column_ = Column::MakeFlat(type, count);
    }
  }

  // `header` is what MergeHeaders gives for these rows.
  void Decode(int32_t begin, int32_t end, const std::vector<uint64_t>& header) {
    if (header[field_.null_bit / 64] >> field_.null_bit % 64 & 1) {
      SetValidUpTo(begin);
      DecodeValidity(field_, begin, end, validity_->data());
      decided_ = end;
    }
    if (column_ == nullptr) return FindInner(begin, end);
    if (column_->physical() == PhysicalType::kString) {
      return DecodeStrings(field_, begin, end, column_.get(), &arena_);
    }
    if (binary_row::ReservedBytes(column_->type()) > 0) {
      return column_->type().IsTimestamp() ? DecodeTimestamps(field_, begin, end, column_.get())
                                           : DecodeDecimals(field_, begin, end, column_.get());
    }
    DispatchPhysical(column_->physical(), [&]<typename T>() {
      if constexpr (!std::is_same_v<T, StringRef>) {
        DecodeFixed<T>(field_, begin, end, column_.get());
      }
    });
  }

  BufferPtr TakeValidity(int32_t count) {
    if (validity_ != nullptr) SetValidUpTo(count);
    return std::move(validity_);
  }
  // Of a nested value: where each row's is; null where it is NULL.
  std::span<const char* const> inner() const { return inner_; }
  ColumnPtr Finish() {
    column_->set_validity(TakeValidity(column_->size()));
    arena_.Finish(column_.get());
    return std::move(column_);
  }

 private:
  // Sets the validity of the rows that had no NULLs when they were decoded.
  void SetValidUpTo(int32_t row) {
    if (validity_ == nullptr) validity_ = Buffer::Allocate(validity_bytes_);
    const auto from = static_cast<size_t>(bitmap::Words(decided_)) * 8;
    const auto to = static_cast<size_t>(bitmap::Words(row)) * 8;
    if (to > from) std::memset(validity_->data() + from, 0xff, to - from);
  }

  void FindInner(int32_t begin, int32_t end) {
    for (int32_t i = begin; i < end; ++i) {
      const uint64_t offset = field_.word(i) >> 32;
      inner_[static_cast<size_t>(i)] = offset == 0 ? nullptr : field_.rows[i] + offset;
    }
  }

  Field field_;
  MutableColumnPtr column_;  // null: a nested value
  const size_t validity_bytes_;
  BufferPtr validity_;   // null while no NULL was seen
  int32_t decided_ = 0;  // rows whose validity is written
  StringArena arena_;
  std::vector<const char*> inner_;
};

// Field after field of so many rows as stay in the nearest cache meanwhile; a multiple of 64.
constexpr int32_t kRangeRows = 128;

}  // namespace

std::vector<ColumnPtr> BinaryRowCodec::DecodeFields(std::span<const char* const> rows, int first,
                                                    int last) const {
  std::vector<const char*> complete;
  if (std::find(rows.begin(), rows.end(), nullptr) != rows.end()) {
    complete.assign(rows.begin(), rows.end());
    std::replace(complete.begin(), complete.end(), static_cast<const char*>(nullptr),
                 null_row_.data());
    rows = complete;
  }
  const auto count = static_cast<int32_t>(rows.size());
  std::vector<FieldDecoder> decoders;
  decoders.reserve(static_cast<size_t>(last - first));
  for (int i = first; i < last; ++i) {
    const Field field{rows.data(), header_bytes_ + 8 * i,
                      static_cast<uint32_t>(i) + binary_row::kHeaderBits};
    decoders.emplace_back(types_[static_cast<size_t>(i)], field, count);
  }
  std::vector<uint64_t> header(static_cast<size_t>(header_bytes_) / 8);
  for (int32_t begin = 0; begin < count; begin += kRangeRows) {
    const int32_t end = std::min(begin + kRangeRows, count);
    MergeHeaders(rows.data(), begin, end, &header);
    for (FieldDecoder& decoder : decoders) decoder.Decode(begin, end, header);
  }
  std::vector<ColumnPtr> columns;
  columns.reserve(decoders.size());
  for (int i = first; i < last; ++i) {
    const auto field = static_cast<size_t>(i);
    FieldDecoder& decoder = decoders[static_cast<size_t>(i - first)];
    if (nested_[field] == nullptr) {
      columns.push_back(decoder.Finish());
    } else {
      columns.push_back(nested_[field]->Decode(decoder.inner(), decoder.TakeValidity(count)));
    }
  }
  return columns;
}

std::vector<ColumnPtr> BinaryRowCodec::Decode(std::span<const char* const> rows) const {
  return DecodeFields(rows, 0, static_cast<int>(types_.size()));
}

ColumnPtr BinaryRowCodec::DecodeField(std::span<const char* const> rows, int field) const {
  return DecodeFields(rows, field, field + 1)[0];
}

}  // namespace castor
