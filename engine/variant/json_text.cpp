#include "variant/json_text.h"

namespace castor::variant {
namespace {

void AppendDecimal(const Decimal& decimal, const TextWriters& writers, std::string* out) {
  // Java strips the scale of zero as well.
  writers.decimal(decimal.unscaled == 0 ? Decimal{0, 0} : decimal, out);
  if (decimal.unscaled == 0 || decimal.scale == 0) return;
  out->erase(out->find_last_not_of('0') + 1);
  if (out->ends_with('.')) out->pop_back();
}

void AppendArray(const Value& array, const TextWriters& writers, std::string* out) {
  *out += '[';
  for (uint32_t i = 0; i < array.size(); ++i) {
    if (i > 0) *out += ',';
    AppendJson(array.element(i), writers, out);
  }
  *out += ']';
}

void AppendObject(const Value& object, const TextWriters& writers, std::string* out) {
  *out += '{';
  for (uint32_t i = 0; i < object.size(); ++i) {
    if (i > 0) *out += ',';
    writers.string(object.name(i), out);
    *out += ':';
    AppendJson(object.element(i), writers, out);
  }
  *out += '}';
}

}  // namespace

void AppendJson(const Value& value, const TextWriters& writers, std::string* out) {
  switch (value.kind()) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kBoolean:
      *out += value.boolean() ? "true" : "false";
      return;
    case Kind::kInteger:
      *out += std::to_string(value.integer());
      return;
    case Kind::kDouble:
      return writers.real(value.real(), out);
    case Kind::kDecimal:
      return AppendDecimal(value.decimal(), writers, out);
    case Kind::kString:
      return writers.string(value.text(), out);
    case Kind::kArray:
      return AppendArray(value, writers, out);
    case Kind::kObject:
      return AppendObject(value, writers, out);
  }
}

}  // namespace castor::variant
