#include "expr/variant_text.h"

#include "base/json_string.h"
#include "expr/decimal.h"
#include "expr/java_number_text.h"
#include "variant/json_text.h"

namespace castor::expr {
namespace {

void AppendString(std::string_view text, std::string* out) {
  AppendJsonString(text, HexCase::kUpper, out);
}

void AppendDouble(double value, std::string* out) {
  char buffer[kMaxNumberText];
  out->append(buffer, WriteJavaDouble(value, buffer));
}

void AppendDecimal(const variant::Decimal& decimal, std::string* out) {
  char buffer[64];
  out->append(buffer, FormatDecimal(decimal.unscaled, decimal.scale, buffer));
}

}  // namespace

void AppendVariantText(std::string_view bytes, std::string* out) {
  constexpr variant::TextWriters kWriters = {AppendString, AppendDouble, AppendDecimal};
  variant::AppendJson(variant::Value(bytes), kWriters, out);
}

}  // namespace castor::expr
