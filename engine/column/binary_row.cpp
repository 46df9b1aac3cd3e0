// BinaryRowCodec: construction and decoding, one field of all rows at a time.
#include "column/binary_row.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <type_traits>
#include <utility>

#include "column/binary_row_layout.h"
#include "column/string_arena.h"

namespace castor {

using binary_row::LoadWord;

namespace {

// The null bits of one field, as validity; null when none is set.
BufferPtr DecodeValidity(std::span<const char* const> rows, uint32_t null_bit) {
  const size_t byte = null_bit >> 3;
  const uint32_t shift = null_bit & 7;
  const size_t count = rows.size();
  const auto words = static_cast<size_t>(bitmap::Words(static_cast<int64_t>(count)));
  BufferPtr bits = Buffer::Allocate(words * 8);
  auto* target = bits->as<uint64_t>();
  bool any = false;
  for (size_t word = 0; word < words; ++word) {
    const size_t end = std::min(count, word * 64 + 64);
    uint64_t nulls = 0;
    for (size_t i = word * 64; i < end; ++i) {
      const auto bit = static_cast<uint64_t>(static_cast<uint8_t>(rows[i][byte]) >> shift & 1);
      nulls |= bit << (i & 63);
    }
    target[word] = ~nulls;
    any |= nulls != 0;
  }
  return any ? bits : nullptr;
}

template <typename T>
T FromSlot(uint64_t slot) {
  if constexpr (std::is_same_v<T, int128_t>) {
    return static_cast<int64_t>(slot);
  } else if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<float>(static_cast<uint32_t>(slot));
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(slot);
  } else {
    return static_cast<T>(slot);
  }
}

template <typename T>
void DecodeFixed(std::span<const char* const> rows, int32_t slot, Column* column) {
  T* target = column->mutable_values<T>();
  for (size_t i = 0; i < rows.size(); ++i) target[i] = FromSlot<T>(LoadWord(rows[i] + slot));
}

int128_t LoadDecimal(const char* from, uint32_t size) {
  if (size == 0) return 0;  // NULL
  const auto sign = static_cast<int8_t>(from[0]) < 0 ? ~uint64_t{0} : 0;
  char big_endian[16];
  std::memset(big_endian, static_cast<int>(sign & 0xff), sizeof(big_endian));
  std::memcpy(big_endian + 16 - size, from, size);
  const uint64_t high = __builtin_bswap64(LoadWord(big_endian));
  const uint64_t low = __builtin_bswap64(LoadWord(big_endian + 8));
  return static_cast<int128_t>(static_cast<int64_t>(high)) << 64 | low;
}

// A NULL without room has a zero slot; it reads the row's header, which is there.
void DecodeDecimals(std::span<const char* const> rows, int32_t slot_at, Column* column) {
  auto* target = column->mutable_values<int128_t>();
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t slot = LoadWord(rows[i] + slot_at);
    target[i] = LoadDecimal(rows[i] + (slot >> 32), static_cast<uint32_t>(slot));
  }
}

void DecodeTimestamps(std::span<const char* const> rows, int32_t slot_at, Column* column) {
  const int64_t ticks_per_milli = column->type().TicksPerSecond() / 1'000;
  const bool micros = ticks_per_milli == 1'000;
  auto* target = column->mutable_values<int64_t>();
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t slot = LoadWord(rows[i] + slot_at);
    const uint64_t millis = LoadWord(rows[i] + (slot >> 32));
    const auto nanos = static_cast<uint32_t>(slot);
    const uint64_t rest = micros ? nanos / 1'000 : nanos;
    target[i] = static_cast<int64_t>(millis * static_cast<uint64_t>(ticks_per_milli) + rest);
  }
}

void DecodeStrings(std::span<const char* const> rows, int32_t slot_at, Column* column) {
  // Chunks near what a small result needs: a decoded row must not keep 16 KiB alive.
  StringArena arena(std::clamp<size_t>(rows.size() * 32, 128, 64 * 1024));
  auto* target = column->mutable_values<StringRef>();
  for (size_t i = 0; i < rows.size(); ++i) {
    const char* at = rows[i] + slot_at;
    const uint64_t slot = LoadWord(at);
    if (binary_row::IsInlineSlot(slot)) {
      target[i] = StringRef(at, binary_row::InlineSize(slot));
    } else {
      target[i] = arena.Add({rows[i] + (slot >> 32), static_cast<uint32_t>(slot)});
    }
  }
  arena.Finish(column);
}

}  // namespace

BinaryRowCodec::BinaryRowCodec(std::vector<LogicalType> types)
    : BinaryRowCodec(std::move(types), NullForm::kReserved) {}

BinaryRowCodec::BinaryRowCodec(std::vector<LogicalType> types, NullForm null_form)
    : types_(std::move(types)),
      null_form_(null_form),
      header_bytes_(binary_row::HeaderBytes(types_.size())),
      fixed_part_(header_bytes_ + 8 * static_cast<int32_t>(types_.size())),
      row_width_(fixed_part_),
      null_row_(static_cast<size_t>(fixed_part_), 0),
      nested_(types_.size()) {
  bool varies = false;
  for (size_t i = 0; i < types_.size(); ++i) {
    const LogicalType& type = types_[i];
    assert(type.physical() != PhysicalType::kNested);
    bitmap::Set(reinterpret_cast<uint8_t*>(null_row_.data()),
                static_cast<int64_t>(i) + binary_row::kHeaderBits);
    row_width_ += binary_row::ReservedBytes(type);
    varies |= type.physical() == PhysicalType::kString || type.physical() == PhysicalType::kRow;
    varies |= null_form == NullForm::kNoRoom && binary_row::ReservedBytes(type) > 0;
    if (type.physical() != PhysicalType::kRow) continue;
    std::vector<LogicalType> children;
    for (const LogicalType::Field& field : type.fields()) children.push_back(field.type);
    nested_[i].reset(new BinaryRowCodec(std::move(children), NullForm::kNoRoom));
  }
  if (varies) row_width_ = 0;
}

ColumnPtr BinaryRowCodec::DecodeComplete(std::span<const char* const> rows, int field) const {
  const LogicalType& type = types_[static_cast<size_t>(field)];
  const auto count = static_cast<int32_t>(rows.size());
  const int32_t slot = header_bytes_ + 8 * field;
  BufferPtr validity = DecodeValidity(rows, static_cast<uint32_t>(field) + binary_row::kHeaderBits);
  if (type.physical() == PhysicalType::kRow) {
    std::vector<const char*> inner(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      const uint64_t offset = LoadWord(rows[i] + slot) >> 32;
      inner[i] = offset == 0 ? nullptr : rows[i] + offset;
    }
    return Column::MakeRow(type, count, std::move(validity),
                           nested_[static_cast<size_t>(field)]->Decode(inner));
  }
  MutableColumnPtr column = Column::MakeFlat(type, count);
  column->set_validity(std::move(validity));
  if (type.physical() == PhysicalType::kString) {
    DecodeStrings(rows, slot, column.get());
  } else if (binary_row::ReservedBytes(type) > 0) {
    type.IsTimestamp() ? DecodeTimestamps(rows, slot, column.get())
                       : DecodeDecimals(rows, slot, column.get());
  } else {
    DispatchPhysical(type.physical(), [&]<typename T>() {
      if constexpr (!std::is_same_v<T, StringRef>) DecodeFixed<T>(rows, slot, column.get());
    });
  }
  return column;
}

std::vector<const char*> BinaryRowCodec::Completed(std::span<const char* const> rows) const {
  std::vector<const char*> complete;
  if (std::find(rows.begin(), rows.end(), nullptr) == rows.end()) return complete;
  complete.assign(rows.begin(), rows.end());
  std::replace(complete.begin(), complete.end(), static_cast<const char*>(nullptr),
               null_row_.data());
  return complete;
}

std::vector<ColumnPtr> BinaryRowCodec::Decode(std::span<const char* const> rows) const {
  const std::vector<const char*> complete = Completed(rows);
  const std::span<const char* const> all = complete.empty() ? rows : complete;
  std::vector<ColumnPtr> columns;
  columns.reserve(types_.size());
  for (size_t i = 0; i < types_.size(); ++i) {
    columns.push_back(DecodeComplete(all, static_cast<int>(i)));
  }
  return columns;
}

ColumnPtr BinaryRowCodec::DecodeField(std::span<const char* const> rows, int field) const {
  const std::vector<const char*> complete = Completed(rows);
  return DecodeComplete(complete.empty() ? rows : complete, field);
}

}  // namespace castor
