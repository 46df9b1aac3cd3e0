#include "variant/builder.h"

#include <algorithm>
#include <bit>

#include "variant/encoding.h"
#include "variant/little_endian.h"

namespace castor::variant {
namespace {

size_t WidthOf(size_t value) {
  if (value <= 0xff) return 1;
  return value <= 0xffff ? 2 : 3;
}

std::string Head(uint8_t header, size_t size, size_t size_bytes) {
  std::string head(1, static_cast<char>(header));
  AppendUnsigned(size, size_bytes, &head);
  return head;
}

}  // namespace

void Builder::AppendHeader(uint8_t info, uint8_t basic_type) {
  value_ += static_cast<char>(info << 2 | basic_type);
}

void Builder::AppendNull() { AppendHeader(static_cast<uint8_t>(Primitive::kNull), 0); }

void Builder::AppendBoolean(bool value) {
  AppendHeader(static_cast<uint8_t>(value ? Primitive::kTrue : Primitive::kFalse), 0);
}

void Builder::AppendInteger(int64_t value) {
  uint8_t power = 3;
  if (value == static_cast<int8_t>(value)) {
    power = 0;
  } else if (value == static_cast<int16_t>(value)) {
    power = 1;
  } else if (value == static_cast<int32_t>(value)) {
    power = 2;
  }
  AppendHeader(static_cast<uint8_t>(static_cast<uint8_t>(Primitive::kInt1) + power), 0);
  AppendUnsigned(static_cast<uint64_t>(value), size_t{1} << power, &value_);
}

void Builder::AppendDouble(double value) {
  AppendHeader(static_cast<uint8_t>(Primitive::kDouble), 0);
  AppendUnsigned(std::bit_cast<uint64_t>(value), 8, &value_);
}

void Builder::AppendDecimal(const Decimal& decimal, int32_t precision) {
  const int32_t digits = std::max(decimal.scale, precision);
  const Primitive primitive = digits <= 9    ? Primitive::kDecimal4
                              : digits <= 18 ? Primitive::kDecimal8
                                             : Primitive::kDecimal16;
  const size_t bytes = digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
  AppendHeader(static_cast<uint8_t>(primitive), 0);
  value_ += static_cast<char>(decimal.scale);
  value_.append(reinterpret_cast<const char*>(&decimal.unscaled), bytes);
}

void Builder::AppendString(std::string_view text) {
  if (text.size() <= kMaxShortString) {
    AppendHeader(static_cast<uint8_t>(text.size()), static_cast<uint8_t>(BasicType::kShortString));
  } else {
    AppendHeader(static_cast<uint8_t>(Primitive::kLongString), 0);
    AppendUnsigned(text.size(), 4, &value_);
  }
  value_ += text;
}

uint32_t Builder::AddName(std::string_view name) {
  const auto [found, added] = ids_.emplace(name, static_cast<uint32_t>(names_.size()));
  if (added) names_.push_back(name);
  return found->second;
}

void Builder::InsertHead(uint32_t start, const std::string& head) {
  value_.insert(start, head);
  too_large_ |= value_.size() > kMaxBytes;
}

void Builder::FinishArray(uint32_t start, const std::vector<uint32_t>& offsets) {
  const size_t data = value_.size() - start;
  const bool large = offsets.size() > 0xff;
  const size_t width = WidthOf(data);
  const auto info = static_cast<uint8_t>((large ? 1u : 0u) << 2 | (width - 1));
  std::string head = Head(static_cast<uint8_t>(info << 2 | static_cast<uint8_t>(BasicType::kArray)),
                          offsets.size(), large ? 4 : 1);
  for (const uint32_t offset : offsets) AppendUnsigned(offset, width, &head);
  AppendUnsigned(data, width, &head);
  InsertHead(start, head);
}

bool Builder::FinishObject(uint32_t start, std::vector<Field>* fields, Duplicates duplicates) {
  std::ranges::stable_sort(*fields, NameLess, &Field::name);
  if (std::ranges::adjacent_find(*fields, {}, &Field::id) != fields->end()) {
    if (duplicates == Duplicates::kRefused) return false;
    DropDuplicates(start, fields);
  }
  uint32_t last_id = 0;
  for (const Field& field : *fields) last_id = std::max(last_id, field.id);
  const size_t data = value_.size() - start;
  const bool large = fields->size() > 0xff;
  const size_t id_width = WidthOf(last_id);
  const size_t width = WidthOf(data);
  const auto info =
      static_cast<uint8_t>((large ? 1u : 0u) << 4 | (id_width - 1) << 2 | (width - 1));
  std::string head =
      Head(static_cast<uint8_t>(info << 2 | static_cast<uint8_t>(BasicType::kObject)),
           fields->size(), large ? 4 : 1);
  for (const Field& field : *fields) AppendUnsigned(field.id, id_width, &head);
  for (const Field& field : *fields) AppendUnsigned(field.offset, width, &head);
  AppendUnsigned(data, width, &head);
  InsertHead(start, head);
  return true;
}

// The value that came last is kept; what is left of the values moves together. All names stay in
// the metadata.
void Builder::DropDuplicates(uint32_t start, std::vector<Field>* fields) {
  std::vector<uint32_t> begins;
  for (const Field& field : *fields) begins.push_back(field.offset);
  std::ranges::sort(begins);
  begins.push_back(position() - start);
  std::vector<Field> kept;
  for (const Field& field : *fields) {  // equal names in the order they came
    if (!kept.empty() && kept.back().id == field.id) kept.pop_back();
    kept.push_back(field);
  }
  std::ranges::sort(kept, {}, &Field::offset);
  const std::string values = value_.substr(start);
  value_.resize(start);
  for (Field& field : kept) {
    const uint32_t end = *std::ranges::upper_bound(begins, field.offset);
    const uint32_t begin = field.offset;
    field.offset = position() - start;
    value_.append(values, begin, end - begin);
  }
  std::ranges::sort(kept, NameLess, &Field::name);
  *fields = std::move(kept);
}

bool Builder::Finish(std::string* out) {
  size_t texts = 0;
  for (const std::string_view name : names_) texts += name.size();
  const size_t width = WidthOf(std::max(texts, names_.size()));
  std::string metadata(1, static_cast<char>(kVersion | (width - 1) << 6));
  AppendUnsigned(names_.size(), width, &metadata);
  size_t offset = 0;
  for (const std::string_view name : names_) {
    AppendUnsigned(offset, width, &metadata);
    offset += name.size();
  }
  AppendUnsigned(offset, width, &metadata);
  for (const std::string_view name : names_) metadata += name;
  const bool fits = !too_large_ && value_.size() <= kMaxBytes && metadata.size() <= kMaxBytes;
  if (fits) {
    const uint32_t size = __builtin_bswap32(static_cast<uint32_t>(metadata.size()));
    out->append(reinterpret_cast<const char*>(&size), sizeof(size));
    *out += metadata;
    *out += value_;
  }
  Clear();
  return fits;
}

void Builder::Clear() {
  value_.clear();
  names_.clear();
  ids_.clear();
  too_large_ = false;
}

}  // namespace castor::variant
