// The bytes of BinaryRowData's slots, shared by encoder and decoder. Little-endian machines only.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "column/logical_type.h"
#include "column/string_ref.h"

namespace castor::binary_row {

static_assert(std::endian::native == std::endian::little);

constexpr uint32_t kHeaderBits = 8;
constexpr uint32_t kMaxInline = 7;  // bytes of a string that stand in its slot
constexpr int32_t kDecimalBytes = 16;
constexpr int32_t kTimestampBytes = 8;

inline int32_t HeaderBytes(size_t fields) {
  return static_cast<int32_t>((fields + 63 + kHeaderBits) / 64 * 8);
}
inline uint32_t Padded(uint32_t bytes) { return (bytes + 7) & ~7u; }

// Where a value stands that its slot does not hold, and its size (of a timestamp: its nanoseconds).
inline uint64_t VariableSlot(uint32_t offset, uint32_t size) {
  return static_cast<uint64_t>(offset) << 32 | size;
}

// The highest byte of a slot marks a string within it and holds its size.
inline bool IsInlineSlot(uint64_t slot) { return slot >> 63 != 0; }
inline uint32_t InlineSize(uint64_t slot) { return static_cast<uint32_t>(slot >> 56) & 0x7f; }
inline uint64_t InlineSlot(const StringRef& text) {
  uint64_t bytes;  // what follows the text in the reference is zero
  std::memcpy(&bytes, reinterpret_cast<const char*>(&text) + sizeof(uint32_t), sizeof(bytes));
  return static_cast<uint64_t>(0x80 | text.size()) << 56 | bytes;
}

// Bytes reserved in the variable part for a decimal or timestamp that does not fit its slot, else
// 0.
inline int32_t ReservedBytes(const LogicalType& type) {
  if (type.kind() == TypeKind::kDecimal) return type.precision() > 18 ? kDecimalBytes : 0;
  if (type.IsTimestamp()) return type.precision() > 3 ? kTimestampBytes : 0;
  return 0;
}

inline uint64_t LoadWord(const char* from) {
  uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}
inline void StoreWord(char* to, uint64_t word) { std::memcpy(to, &word, sizeof(word)); }

}  // namespace castor::binary_row
