// Casts to CHAR and VARCHAR, and between them: CharVarCharTrimPadCastRule over the
// ...ToStringCastRules.
#include <algorithm>
#include <charconv>
#include <cstring>

#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/java_number_text.h"
#include "expr/row_function.h"
#include "expr/time_text.h"
#include "expr/time_zone.h"
#include "expr/utf8.h"
#include "expr/variant_text.h"
#include "roaring/bitmap.h"

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

struct TruncatedToString {
  int scale;
  bool operator()(RowScope& scope, int128_t value, int32_t places, StringRef* out) const {
    const int kept = std::clamp(places, 0, scale);
    char buffer[64];
    const int128_t cut = value / PowerOfTen(scale - kept);
    return Keep(scope, buffer, FormatDecimal(cut, kept, buffer), out);
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

struct DoubleToString {
  bool operator()(RowScope& scope, double value, StringRef* out) const {
    char buffer[kMaxNumberText];
    return Keep(scope, buffer, WriteJavaDouble(value, buffer), out);
  }
};

struct FloatToString {
  bool operator()(RowScope& scope, float value, StringRef* out) const {
    char buffer[kMaxNumberText];
    return Keep(scope, buffer, WriteJavaFloat(value, buffer), out);
  }
};

struct DateToString {
  bool operator()(RowScope& scope, int32_t days, StringRef* out) const {
    char buffer[kMaxTimeText];
    return Keep(scope, buffer, WriteDate(days, buffer), out);
  }
};

struct TimeToString {
  int precision;
  bool operator()(RowScope& scope, int32_t millis, StringRef* out) const {
    char buffer[kMaxTimeText];
    return Keep(scope, buffer, WriteTime(millis, precision, buffer), out);
  }
};

struct TimestampToString {
  ZoneClock clock;  // UTC for TIMESTAMP
  int64_t ticks_per_second;
  int precision;
  bool operator()(RowScope& scope, int64_t ticks, StringRef* out) const {
    Instant instant = TicksToInstant(ticks, ticks_per_second);
    instant.millis = clock.ToLocal(instant.millis);
    char buffer[kMaxTimeText];
    return Keep(scope, buffer, WriteTimestamp(instant, precision, buffer), out);
  }
};

struct YearMonthToString {
  bool operator()(RowScope& scope, int32_t months, StringRef* out) const {
    char buffer[kMaxTimeText];
    return Keep(scope, buffer, WriteYearMonthInterval(months, buffer), out);
  }
};

struct DayTimeToString {
  bool operator()(RowScope& scope, int64_t millis, StringRef* out) const {
    char buffer[kMaxTimeText];
    return Keep(scope, buffer, WriteDayTimeInterval(millis, buffer), out);
  }
};

// Java decodes: what is not UTF-8 becomes U+FFFD.
struct BinaryToString {
  bool operator()(RowScope& scope, const StringRef& bytes, StringRef* out) const {
    if (IsValidUtf8(bytes.view())) {
      *out = bytes;
    } else {
      *out = scope.arena().Add(ReplaceInvalidUtf8(bytes.view()));
    }
    return true;
  }
};

struct VariantToString {
  bool operator()(RowScope& scope, const StringRef& bytes, StringRef* out) const {
    std::string text;
    AppendVariantText(bytes.view(), &text);
    *out = scope.arena().Add(text);
    return true;
  }
};

struct BitmapToString {
  bool operator()(RowScope& scope, const StringRef& bytes, StringRef* out) const {
    std::string text;
    roaring::Bitmap::Of(bytes.view()).AppendText(&text);
    *out = scope.arena().Add(text);
    return true;
  }
};

Result<Node*> TimestampToText(Builder& builder, Node* operand, const LogicalType& type) {
  ZoneClock clock;
  if (operand->type().kind() == TypeKind::kTimestampLtz) {
    CASTOR_ASSIGN_OR_RETURN(clock, ZoneClock::Find(builder.settings().time_zone));
  }
  return builder.Make<RowNode<TimestampToString, StringRef, int64_t>>(
      type, std::vector<Node*>{operand},
      TimestampToString{clock, operand->type().TicksPerSecond(), operand->type().precision()});
}

// The value as text of any length; nullptr if there is no such cast.
Result<Node*> ToText(Builder& builder, Node* operand, const LogicalType& type) {
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
    case TypeKind::kFloat:
      return builder.Make<RowNode<FloatToString, StringRef, float>>(type, operands);
    case TypeKind::kDouble:
      return builder.Make<RowNode<DoubleToString, StringRef, double>>(type, operands);
    case TypeKind::kDate:
      return builder.Make<RowNode<DateToString, StringRef, int32_t>>(type, operands);
    case TypeKind::kTime:
      return builder.Make<RowNode<TimeToString, StringRef, int32_t>>(
          type, operands, TimeToString{from.precision()});
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return TimestampToText(builder, operand, type);
    case TypeKind::kIntervalYearMonth:
      return builder.Make<RowNode<YearMonthToString, StringRef, int32_t>>(type, operands);
    case TypeKind::kIntervalDayTime:
      return builder.Make<RowNode<DayTimeToString, StringRef, int64_t>>(type, operands);
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return builder.Make<RowNode<BinaryToString, StringRef, StringRef>>(type, operands);
    case TypeKind::kVariant:
      return builder.Make<RowNode<VariantToString, StringRef, StringRef>>(type, operands);
    case TypeKind::kBitmap:
      return builder.Make<RowNode<BitmapToString, StringRef, StringRef>>(type, operands);
    default:
      return nullptr;
  }
}

}  // namespace

Node* MakeTruncatedText(Builder& builder, Node* decimal, Node* places) {
  const bool nullable = decimal->type().nullable() || places->type().nullable();
  return builder.Make<RowNode<TruncatedToString, StringRef, int128_t, int32_t>>(
      LogicalType::String(nullable), std::vector<Node*>{decimal, places},
      TruncatedToString{decimal->type().scale()});
}

Result<Node*> MakeCastToString(Builder& builder, Node* operand, const LogicalType& type) {
  if (!type.IsString()) return nullptr;
  const LogicalType& from = operand->type();
  const LogicalType text_type = LogicalType::String(type.nullable());
  Node* text = operand;
  if (!from.IsString()) {
    CASTOR_ASSIGN_OR_RETURN(text, ToText(builder, operand, text_type));
  }
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
