// The bytes of BinaryRowData's and BinaryArrayData's slots, shared by encoders and decoders.
// Little-endian machines only.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

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
inline uint32_t LoadInt(const char* from) {
  uint32_t value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
inline void StoreInt(char* to, uint32_t value) { std::memcpy(to, &value, sizeof(value)); }

// Values that have an encoding of their own in the variable part.
inline bool IsNested(const LogicalType& type) {
  return type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList;
}
// Bytes that stand in the variable part even when they are few.
inline bool IsOpaque(const LogicalType& type) {
  return type.kind() == TypeKind::kRaw || type.kind() == TypeKind::kVariant ||
         type.kind() == TypeKind::kBitmap;
}

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

// BigInteger.toByteArray(): the shortest big-endian two's complement. `target` takes 16 bytes, the
// rest zero; the size is returned.
inline uint32_t StoreDecimal(int128_t value, char* target) {
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

inline int128_t LoadDecimal(const char* from, uint32_t size) {
  if (size == 0) return 0;  // NULL
  const auto sign = static_cast<int8_t>(from[0]) < 0 ? ~uint64_t{0} : 0;
  char big_endian[16];
  std::memset(big_endian, static_cast<int>(sign & 0xff), sizeof(big_endian));
  std::memcpy(big_endian + 16 - size, from, size);
  const uint64_t high = __builtin_bswap64(LoadWord(big_endian));
  const uint64_t low = __builtin_bswap64(LoadWord(big_endian + 8));
  return static_cast<int128_t>(static_cast<int64_t>(high)) << 64 | low;
}

// A timestamp finer than milliseconds.
struct SplitTime {
  int64_t millis;
  uint32_t nanos;
};

template <int64_t kTicksPerMilli>
SplitTime SplitTicks(int64_t ticks) {
  int64_t millis = ticks / kTicksPerMilli;
  int64_t rest = ticks % kTicksPerMilli;
  if (rest < 0) --millis, rest += kTicksPerMilli;
  return {millis, static_cast<uint32_t>(rest * (1'000'000 / kTicksPerMilli))};
}

inline int64_t JoinTicks(uint64_t millis, uint32_t nanos, int64_t ticks_per_milli) {
  const uint64_t rest = ticks_per_milli == 1'000 ? nanos / 1'000 : nanos;
  return static_cast<int64_t>(millis * static_cast<uint64_t>(ticks_per_milli) + rest);
}

}  // namespace castor::binary_row
