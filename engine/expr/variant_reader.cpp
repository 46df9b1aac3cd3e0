#include "expr/variant_reader.h"

#include <charconv>
#include <optional>
#include <vector>

#include "expr/decimal.h"
#include "expr/java_number_text.h"

namespace castor::expr {
namespace {

// new BigDecimal(text), if it has no exponent and precision and scale are not above 38.
std::optional<variant::Decimal> ReadDecimal(std::string_view text) {
  variant::Decimal decimal{0, 0};
  int digits = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '-') continue;
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    if (fraction) ++decimal.scale;
    if (digits > 0 || c != '0') ++digits;
    if (digits > kMaxDecimalPrecision || decimal.scale > kMaxDecimalPrecision) return std::nullopt;
    decimal.unscaled = decimal.unscaled * 10 + (c - '0');
  }
  if (text.starts_with('-')) decimal.unscaled = -decimal.unscaled;
  return decimal;
}

}  // namespace

bool VariantReader::Read(std::string_view text, Duplicates duplicates, std::string* bytes) {
  builder_.Clear();
  return document_.Parse(text, json::EqualKeys::kAllKept) && Append(document_.root(), duplicates) &&
         builder_.Finish(bytes);
}

bool VariantReader::Append(json::NodeId node, Duplicates duplicates) {
  switch (document_.kind(node)) {
    case json::Kind::kNull:
      builder_.AppendNull();
      return true;
    case json::Kind::kTrue:
    case json::Kind::kFalse:
      builder_.AppendBoolean(document_.kind(node) == json::Kind::kTrue);
      return true;
    case json::Kind::kInteger:
    case json::Kind::kDecimal:
      AppendNumber(document_.text(node));
      return true;
    case json::Kind::kString:
      builder_.AppendString(document_.text(node));
      return true;
    case json::Kind::kArray:
      return AppendArray(node, duplicates);
    case json::Kind::kObject:
      return AppendObject(node, duplicates);
  }
  __builtin_unreachable();
}

bool VariantReader::AppendObject(json::NodeId node, Duplicates duplicates) {
  const uint32_t start = builder_.position();
  std::vector<variant::Builder::Field> fields;
  for (size_t i = 0; i < document_.size(node); ++i) {
    const json::Member member = document_.member(node, i);
    fields.push_back({member.key, builder_.AddName(member.key), builder_.position() - start});
    if (!Append(member.value, duplicates)) return false;
  }
  return builder_.FinishObject(start, &fields, duplicates);
}

bool VariantReader::AppendArray(json::NodeId node, Duplicates duplicates) {
  const uint32_t start = builder_.position();
  std::vector<uint32_t> offsets;
  for (size_t i = 0; i < document_.size(node); ++i) {
    offsets.push_back(builder_.position() - start);
    if (!Append(document_.member(node, i).value, duplicates)) return false;
  }
  builder_.FinishArray(start, offsets);
  return true;
}

void VariantReader::AppendNumber(std::string_view text) {
  int64_t integer;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error == std::errc() && end == text.data() + text.size()) {
    builder_.AppendInteger(integer);
  } else if (const auto decimal = ReadDecimal(text)) {
    builder_.AppendDecimal(*decimal, CountDigits(decimal->unscaled));
  } else {
    builder_.AppendDouble(*ParseJavaDouble(text));
  }
}

}  // namespace castor::expr
