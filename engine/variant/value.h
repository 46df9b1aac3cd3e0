// A VARIANT, or a value in it: a view into bytes as they stand in a column (the size of the
// metadata, the metadata with all names of fields, the value), which must outlive it and have
// passed CheckBytes or be a Builder's. What can be asked of a value depends on its kind. The
// accessors of org.apache.flink.types.variant.BinaryVariant.
//
// Thread-safe, as nothing changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "column/logical_type.h"

namespace castor::variant {

enum class Kind : uint8_t {
  kNull,
  kBoolean,
  kInteger,  // of 1, 2, 4 or 8 bytes
  kDouble,
  kDecimal,
  kString,
  kArray,
  kObject,
};

struct Decimal {
  int128_t unscaled;
  int32_t scale;
};

class Value {
 public:
  explicit Value(std::string_view bytes);

  Kind kind() const;
  bool boolean() const;
  int64_t integer() const;
  double real() const;
  Decimal decimal() const;
  std::string_view text() const;

  // Of arrays and objects.
  uint32_t size() const;
  Value element(uint32_t i) const;
  // Of objects; names ascend as java.lang.String compares.
  std::string_view name(uint32_t i) const;
  std::optional<Value> Find(std::string_view name) const;

  // The value as one of its own, with all of the metadata, as Flink writes it.
  void AppendBytes(std::string* out) const;

 private:
  friend class Checker;
  struct Container;

  Value(std::string_view metadata, const char* at) : metadata_(metadata), at_(at) {}

  Container ReadContainer() const;
  size_t ByteSize() const;
  std::string_view MetadataName(uint32_t id) const;

  std::string_view metadata_;
  const char* at_ = nullptr;
};

// Whether the bytes are a VARIANT that this engine holds: kInvalidArgument if they are malformed,
// kUnsupported if they hold a type that JSON does not have.
Status CheckBytes(std::string_view bytes);

// The order of java.lang.String, of UTF-8: UTF-16 has characters beyond U+FFFF before U+E000.
bool NameLess(std::string_view a, std::string_view b);

}  // namespace castor::variant
