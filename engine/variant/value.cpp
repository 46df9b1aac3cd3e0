#include "variant/value.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "variant/encoding.h"
#include "variant/little_endian.h"

namespace castor::variant {
namespace {

uint8_t HeaderAt(const char* at) { return static_cast<uint8_t>(*at); }
Primitive PrimitiveAt(const char* at) { return static_cast<Primitive>(TypeInfoOf(HeaderAt(at))); }

// Sign-extended.
int64_t LoadSigned(const char* from, size_t bytes) {
  const auto shift = static_cast<int>(64 - 8 * bytes);
  return static_cast<int64_t>(LoadUnsigned(from, bytes) << shift) >> shift;
}

}  // namespace

// Where the parts of an array or object are.
struct Value::Container {
  uint32_t size;
  size_t id_bytes;  // 0 in arrays
  size_t offset_bytes;
  const char* ids;
  const char* offsets;
  const char* data;

  uint64_t Offset(uint32_t i) const {
    return LoadUnsigned(offsets + i * offset_bytes, offset_bytes);
  }
  uint32_t Id(uint32_t i) const {
    return static_cast<uint32_t>(LoadUnsigned(ids + i * id_bytes, id_bytes));
  }
};

Value::Value(std::string_view bytes) {
  uint32_t size;
  std::memcpy(&size, bytes.data(), sizeof(size));
  size = __builtin_bswap32(size);
  metadata_ = bytes.substr(kPrefixBytes, size);
  at_ = bytes.data() + kPrefixBytes + size;
}

Kind Value::kind() const {
  switch (BasicTypeOf(HeaderAt(at_))) {
    case BasicType::kShortString:
      return Kind::kString;
    case BasicType::kObject:
      return Kind::kObject;
    case BasicType::kArray:
      return Kind::kArray;
    case BasicType::kPrimitive:
      break;
  }
  switch (PrimitiveAt(at_)) {
    case Primitive::kTrue:
    case Primitive::kFalse:
      return Kind::kBoolean;
    case Primitive::kInt1:
    case Primitive::kInt2:
    case Primitive::kInt4:
    case Primitive::kInt8:
      return Kind::kInteger;
    case Primitive::kDouble:
      return Kind::kDouble;
    case Primitive::kDecimal4:
    case Primitive::kDecimal8:
    case Primitive::kDecimal16:
      return Kind::kDecimal;
    case Primitive::kLongString:
      return Kind::kString;
    default:
      return Kind::kNull;
  }
}

bool Value::boolean() const { return PrimitiveAt(at_) == Primitive::kTrue; }

int64_t Value::integer() const {
  const auto power = static_cast<int>(PrimitiveAt(at_)) - static_cast<int>(Primitive::kInt1);
  return LoadSigned(at_ + 1, size_t{1} << power);
}

double Value::real() const { return std::bit_cast<double>(LoadUnsigned(at_ + 1, 8)); }

Decimal Value::decimal() const {
  const int32_t scale = HeaderAt(at_ + 1);
  switch (PrimitiveAt(at_)) {
    case Primitive::kDecimal4:
      return {LoadSigned(at_ + 2, 4), scale};
    case Primitive::kDecimal8:
      return {LoadSigned(at_ + 2, 8), scale};
    default:
      break;
  }
  int128_t unscaled;
  std::memcpy(&unscaled, at_ + 2, sizeof(unscaled));
  return {unscaled, scale};
}

std::string_view Value::text() const {
  if (BasicTypeOf(HeaderAt(at_)) == BasicType::kShortString) {
    return {at_ + 1, TypeInfoOf(HeaderAt(at_))};
  }
  return {at_ + 5, LoadUnsigned(at_ + 1, 4)};
}

Value::Container Value::ReadContainer() const {
  const uint8_t header = HeaderAt(at_);
  const uint8_t info = TypeInfoOf(header);
  const bool object = BasicTypeOf(header) == BasicType::kObject;
  const size_t size_bytes = (info >> (object ? 4 : 2) & 1) != 0 ? 4 : 1;
  Container container;
  container.size = static_cast<uint32_t>(LoadUnsigned(at_ + 1, size_bytes));
  container.id_bytes = object ? (info >> 2 & 3) + 1u : 0;
  container.offset_bytes = (info & 3) + 1u;
  container.ids = at_ + 1 + size_bytes;
  container.offsets = container.ids + size_t{container.size} * container.id_bytes;
  container.data = container.offsets + (size_t{container.size} + 1) * container.offset_bytes;
  return container;
}

uint32_t Value::size() const { return ReadContainer().size; }

Value Value::element(uint32_t i) const {
  const Container container = ReadContainer();
  return {metadata_, container.data + container.Offset(i)};
}

std::string_view Value::name(uint32_t i) const { return MetadataName(ReadContainer().Id(i)); }

std::string_view Value::MetadataName(uint32_t id) const {
  const char* metadata = metadata_.data();
  const size_t width = (HeaderAt(metadata) >> 6) + 1u;
  const size_t count = LoadUnsigned(metadata + 1, width);
  const char* offsets = metadata + 1 + width;
  const size_t begin = LoadUnsigned(offsets + id * width, width);
  const size_t end = LoadUnsigned(offsets + (size_t{id} + 1) * width, width);
  return {offsets + (count + 1) * width + begin, end - begin};
}

std::optional<Value> Value::Find(std::string_view name) const {
  const Container container = ReadContainer();
  uint32_t low = 0, high = container.size;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const std::string_view found = MetadataName(container.Id(middle));
    if (found == name) return Value(metadata_, container.data + container.Offset(middle));
    if (NameLess(found, name)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

size_t Value::ByteSize() const {
  const auto info = TypeInfoOf(HeaderAt(at_));
  switch (BasicTypeOf(HeaderAt(at_))) {
    case BasicType::kShortString:
      return size_t{1} + info;
    case BasicType::kObject:
    case BasicType::kArray: {
      const Container container = ReadContainer();
      return static_cast<size_t>(container.data - at_) + container.Offset(container.size);
    }
    case BasicType::kPrimitive:
      break;
  }
  switch (static_cast<Primitive>(info)) {
    case Primitive::kInt1:
      return 2;
    case Primitive::kInt2:
      return 3;
    case Primitive::kInt4:
    case Primitive::kDate:
    case Primitive::kFloat:
      return 5;
    case Primitive::kInt8:
    case Primitive::kDouble:
    case Primitive::kTimestamp:
    case Primitive::kTimestampLtz:
      return 9;
    case Primitive::kDecimal4:
      return 6;
    case Primitive::kDecimal8:
      return 10;
    case Primitive::kDecimal16:
      return 18;
    case Primitive::kBinary:
    case Primitive::kLongString:
      return 5 + LoadUnsigned(at_ + 1, 4);
    default:
      return 1;
  }
}

void Value::AppendBytes(std::string* out) const {
  const uint32_t size = __builtin_bswap32(static_cast<uint32_t>(metadata_.size()));
  out->append(reinterpret_cast<const char*>(&size), sizeof(size));
  out->append(metadata_);
  out->append(at_, ByteSize());
}

bool NameLess(std::string_view a, std::string_view b) {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; ++i) {
    const auto x = static_cast<uint8_t>(a[i]), y = static_cast<uint8_t>(b[i]);
    if (x == y) continue;
    // Of U+E000 .. U+FFFF (lead bytes EE and EF) and what is beyond (F0 and up), the latter is
    // less.
    if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0)) return x >= 0xf0;
    return x < y;
  }
  return a.size() < b.size();
}

// Walks over bytes from outside; nothing is read before it is known to be there.
class Checker {
 public:
  static Status Check(std::string_view bytes) {
    if (bytes.size() < kPrefixBytes) return Malformed();
    uint32_t size;
    std::memcpy(&size, bytes.data(), sizeof(size));
    size = __builtin_bswap32(size);
    if (size > bytes.size() - kPrefixBytes) return Malformed();
    const std::string_view metadata = bytes.substr(kPrefixBytes, size);
    const std::string_view value = bytes.substr(kPrefixBytes + size);
    if (metadata.size() > kMaxBytes || value.size() > kMaxBytes) return Malformed();
    Checker checker(metadata);
    CASTOR_RETURN_NOT_OK(checker.CheckMetadata());
    return checker.CheckValue(value, 0);
  }

 private:
  static constexpr int kMaxDepth = 1000;  // of JSON that PARSE_JSON takes

  explicit Checker(std::string_view metadata) : metadata_(metadata) {}

  static Status Malformed() { return Status::InvalidArgument("the bytes are no VARIANT"); }

  Status CheckMetadata() {
    if (metadata_.empty() || (HeaderAt(metadata_.data()) & kVersionMask) != kVersion) {
      return Malformed();
    }
    const size_t width = (HeaderAt(metadata_.data()) >> 6) + 1u;
    if (metadata_.size() < 1 + width) return Malformed();
    names_ = LoadUnsigned(metadata_.data() + 1, width);
    const size_t texts = 1 + width + (names_ + 1) * width;
    if (metadata_.size() < texts) return Malformed();
    size_t before = 0;
    for (size_t i = 0; i <= names_; ++i) {
      const size_t offset = LoadUnsigned(metadata_.data() + 1 + width + i * width, width);
      if (offset < before || texts + offset > metadata_.size()) return Malformed();
      before = offset;
    }
    return Status::OK();
  }

  Status CheckValue(std::string_view value, int depth) const {
    if (value.empty() || depth > kMaxDepth) return Malformed();
    const uint8_t header = HeaderAt(value.data());
    switch (BasicTypeOf(header)) {
      case BasicType::kObject:
      case BasicType::kArray:
        return CheckContainer(value, depth);
      case BasicType::kShortString:
        break;
      case BasicType::kPrimitive:
        CASTOR_RETURN_NOT_OK(CheckPrimitive(value));
        break;
    }
    return Value(metadata_, value.data()).ByteSize() <= value.size() ? Status::OK() : Malformed();
  }

  static Status CheckPrimitive(std::string_view value) {
    const Primitive primitive = PrimitiveAt(value.data());
    switch (primitive) {
      case Primitive::kDate:
      case Primitive::kTimestampLtz:
      case Primitive::kTimestamp:
      case Primitive::kFloat:
      case Primitive::kBinary:
        return Status::Unsupported("a VARIANT of a type that JSON does not have is not supported");
      case Primitive::kLongString:
        return value.size() >= 5 ? Status::OK() : Malformed();
      case Primitive::kDecimal4:
      case Primitive::kDecimal8:
      case Primitive::kDecimal16:
        return value.size() >= 2 && HeaderAt(value.data() + 1) <= 38 ? Status::OK() : Malformed();
      default:
        return primitive < Primitive::kLongString ? Status::OK() : Malformed();
    }
  }

  Status CheckContainer(std::string_view value, int depth) const {
    if (value.size() < 5) {
      // Too short for a size of four bytes; a small one says so itself.
      const uint8_t info = TypeInfoOf(HeaderAt(value.data()));
      const bool object = BasicTypeOf(HeaderAt(value.data())) == BasicType::kObject;
      if (value.size() < 2 || (info >> (object ? 4 : 2) & 1) != 0) return Malformed();
    }
    const Value view(metadata_, value.data());
    const Value::Container container = view.ReadContainer();
    const auto head = static_cast<size_t>(container.data - value.data());
    if (head > value.size()) return Malformed();
    const std::string_view data = value.substr(head);
    for (uint32_t i = 0; i < container.size; ++i) {
      if (container.id_bytes != 0 && container.Id(i) >= names_) return Malformed();
      if (container.Offset(i) >= data.size()) return Malformed();
      CASTOR_RETURN_NOT_OK(CheckValue(data.substr(container.Offset(i)), depth + 1));
    }
    return container.Offset(container.size) <= data.size() ? Status::OK() : Malformed();
  }

  const std::string_view metadata_;
  size_t names_ = 0;
};

Status CheckBytes(std::string_view bytes) { return Checker::Check(bytes); }

}  // namespace castor::variant
