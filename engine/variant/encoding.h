// The tags of the variant encoding
// (https://github.com/apache/parquet-format/blob/master/VariantEncoding.md), as in Flink's
// BinaryVariantUtil. A value begins with a byte whose two lowest bits are its basic type and whose
// others say more of it. Little-endian throughout, but for the size of the metadata, which Flink
// puts in front where a VARIANT stands in a row.
#pragma once

#include <cstddef>
#include <cstdint>

namespace castor::variant {

enum class BasicType : uint8_t { kPrimitive, kShortString, kObject, kArray };

enum class Primitive : uint8_t {
  kNull,
  kTrue,
  kFalse,
  kInt1,
  kInt2,
  kInt4,
  kInt8,
  kDouble,
  kDecimal4,
  kDecimal8,
  kDecimal16,
  kDate,
  kTimestampLtz,
  kTimestamp,
  kFloat,
  kBinary,
  kLongString,
};

constexpr uint8_t kVersion = 1;
constexpr uint8_t kVersionMask = 0x0f;
constexpr uint32_t kMaxShortString = 0x3f;
constexpr size_t kMaxBytes = size_t{1} << 24;  // of a value, and of metadata
constexpr size_t kPrefixBytes = 4;             // the size of the metadata

inline BasicType BasicTypeOf(uint8_t header) { return static_cast<BasicType>(header & 3); }
inline uint8_t TypeInfoOf(uint8_t header) { return header >> 2; }

}  // namespace castor::variant
