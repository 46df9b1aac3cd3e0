// Casts to CHAR and VARCHAR, and between them: CharVarCharTrimPadCastRule over the
// ...ToStringCastRules.
#include <charconv>
#include <cstring>

#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/row_function.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

bool Keep(RowScope& scope, const char* begin, const char* end, StringRef* out) {
  *out = scope.arena().Add({begin, static_cast<size_t>(end - begin)});
  return true;
}

template <typename T>
struct IntegerToString {
  bool operator()(RowScope& scope, T value, StringRef* out) const {
    char buffer[24];
    const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value);
    return Keep(scope, buffer, written.ptr, out);
  }
};

struct DecimalToString {
  int scale;
  bool operator()(RowScope& scope, int128_t value, StringRef* out) const {
    char buffer[64];
    return Keep(scope, buffer, FormatDecimal(value, scale, buffer), out);
  }
};

struct BooleanToString {
  bool legacy;
  bool operator()(RowScope&, uint8_t value, StringRef* out) const {
    if (legacy) {
      *out = StringRef(std::string_view(value != 0 ? "true" : "false"));
    } else {
      *out = StringRef(std::string_view(value != 0 ? "TRUE" : "FALSE"));
    }
    return true;
  }
};

// To the length of the target type, in code points.
struct TrimAndPad {
  int32_t length;
  bool pad;
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const std::string_view view = text.view();
    // Bytes bound code points from above: most text needs no counting.
    if (view.size() <= static_cast<size_t>(length) && !pad) {
      *out = text;
      return true;
    }
    const auto points = static_cast<int32_t>(CountCodePoints(view));
    if (points > length) {
      *out = scope.arena().Add(view.substr(0, ByteOffset(view, length)));
    } else if (pad && points < length) {
      const auto padding = static_cast<size_t>(length - points);
      char* target = scope.arena().Reserve(view.size() + padding);
      std::memcpy(target, view.data(), view.size());
      std::memset(target + view.size(), ' ', padding);
      *out = StringRef(target, static_cast<uint32_t>(view.size() + padding));
    } else {
      *out = text;
    }
    return true;
  }
};

Node* ToText(Builder& builder, Node* operand, const LogicalType& type) {
  const std::vector<Node*> operands{operand};
  const LogicalType& from = operand->type();
  switch (from.kind()) {
    case TypeKind::kBoolean:
      return builder.Make<RowNode<BooleanToString, StringRef, uint8_t>>(
          type, operands, BooleanToString{builder.settings().legacy_cast});
    case TypeKind::kTinyInt:
      return builder.Make<RowNode<IntegerToString<int8_t>, StringRef, int8_t>>(type, operands);
    case TypeKind::kSmallInt:
      return builder.Make<RowNode<IntegerToString<int16_t>, StringRef, int16_t>>(type, operands);
    case TypeKind::kInteger:
      return builder.Make<RowNode<IntegerToString<int32_t>, StringRef, int32_t>>(type, operands);
    case TypeKind::kBigInt:
      return builder.Make<RowNode<IntegerToString<int64_t>, StringRef, int64_t>>(type, operands);
    case TypeKind::kDecimal:
      return builder.Make<RowNode<DecimalToString, StringRef, int128_t>>(
          type, operands, DecimalToString{from.scale()});
    default:
      return nullptr;
  }
}

}  // namespace

Result<Node*> MakeCastToString(Builder& builder, Node* operand, const LogicalType& type) {
  if (!type.IsString()) return nullptr;
  const LogicalType& from = operand->type();
  const LogicalType text_type = LogicalType::String(type.nullable());
  Node* text = from.IsString() ? operand : ToText(builder, operand, text_type);
  if (text == nullptr) return nullptr;
  const bool pad = type.kind() == TypeKind::kChar;
  const bool may_exceed = !from.IsString() || from.length() > type.length();
  const bool trims = type.length() < INT32_MAX && may_exceed;
  if (builder.settings().legacy_cast || (!trims && !pad)) {
    return MakeRetype(builder, text, type);
  }
  return builder.Make<RowNode<TrimAndPad, StringRef, StringRef>>(type, std::vector<Node*>{text},
                                                                 TrimAndPad{type.length(), pad});
}

}  // namespace castor::expr
