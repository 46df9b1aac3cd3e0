// Casts from CHAR and VARCHAR: StringTo...CastRule over BinaryStringDataUtil. A text that cannot be
// read is the row's error, or NULL for TRY_CAST.
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string>

#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/java_number_text.h"
#include "expr/row_function.h"
#include "expr/time_text.h"
#include "expr/time_zone.h"
#include "expr/timestamp_ticks.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

bool Fail(RowScope& scope, const StringRef& text, const char* type, const char* why) {
  return scope.Fail(
      [&] { return "cannot cast '" + std::string(text.view()) + "' to " + type + ": " + why; });
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

constexpr const char* NameOf(int8_t) { return "TINYINT"; }
constexpr const char* NameOf(int16_t) { return "SMALLINT"; }
constexpr const char* NameOf(int32_t) { return "INT"; }
constexpr const char* NameOf(int64_t) { return "BIGINT"; }

// BinaryStringDataUtil.toInt, toLong, ...: a sign, digits, and a fraction that is cut off.
template <typename T>
struct StringToInteger {
  bool operator()(RowScope& scope, const StringRef& input, T* out) const {
    const std::string_view text = TrimBlanks(input.view());
    if (text.empty()) return Fail(scope, input, NameOf(T{}), "it is empty");
    size_t i = 0;
    const bool negative = text[0] == '-';
    if (negative || text[0] == '+') {
      if (text.size() == 1) return Fail(scope, input, NameOf(T{}), "it has only a sign");
      i = 1;
    }
    int64_t value = 0;  // negated, as the range reaches further below zero
    for (; i < text.size() && text[i] != '.'; ++i) {
      if (text[i] < '0' || text[i] > '9') return Fail(scope, input, NameOf(T{}), kInvalid);
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_sub_overflow(value, text[i] - '0', &value)) {
        return Fail(scope, input, NameOf(T{}), kOverflow);
      }
    }
    for (++i; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9') return Fail(scope, input, NameOf(T{}), kInvalid);
    }
    if (!negative && __builtin_sub_overflow(0, value, &value)) {
      return Fail(scope, input, NameOf(T{}), kOverflow);
    }
    *out = static_cast<T>(value);
    return *out == value || Fail(scope, input, NameOf(T{}), kOverflow);
  }
  static constexpr const char* kInvalid = "it has a character that is no digit";
  static constexpr const char* kOverflow = "it is out of range";
};

struct StringToDouble {
  bool operator()(RowScope& scope, const StringRef& input, double* out) const {
    const auto value = ParseJavaDouble(TrimBlanks(input.view()));
    if (value) *out = *value;
    return value || Fail(scope, input, "DOUBLE", "it is no number");
  }
};

struct StringToFloat {
  bool operator()(RowScope& scope, const StringRef& input, float* out) const {
    const auto value = ParseJavaFloat(TrimBlanks(input.view()));
    if (value) *out = *value;
    return value || Fail(scope, input, "FLOAT", "it is no number");
  }
};

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// BinaryStringDataUtil.toDecimalFromBytes: texts of up to 18 bytes to precisions of up to 18
// digits. Its oddities are Flink's: a single character after the number is overlooked, leading
// zeros count as digits.
class ShortDecimalReader {
 public:
  ShortDecimalReader(std::string_view text, int precision, int scale)
      : text_(text), precision_(precision), scale_(scale) {}

  std::optional<int128_t> Read() {
    while (i_ < text_.size() && IsSpace(text_[i_])) ++i_;
    if (i_ == text_.size()) return std::nullopt;
    const bool negative = text_[i_] == '-';
    if (negative || text_[i_] == '+') {
      if (++i_ == text_.size()) return std::nullopt;
    }
    if (!ReadSignificand() || !ReadExponent()) return std::nullopt;
    for (; i_ < text_.size(); ++i_) {
      if (!IsSpace(text_[i_])) return std::nullopt;
    }
    const int64_t change = exponent_ + scale_;
    if (digits_ + change > precision_ || change < -18 || change > 18) return std::nullopt;
    if (change >= 0) {
      significand_ *= static_cast<int64_t>(PowerOfTen(static_cast<int>(change)));
    } else {
      const auto power = static_cast<int64_t>(PowerOfTen(static_cast<int>(-change)));
      significand_ = (significand_ + 5 * (power / 10)) / power;
    }
    return negative ? -significand_ : significand_;
  }

 private:
  bool ReadSignificand() {
    int64_t point = -1;
    while (i_ < text_.size()) {
      last_ = text_[i_++];
      if (last_ >= '0' && last_ <= '9') {
        significand_ = significand_ * 10 + (last_ - '0');
        ++digits_;
      } else if (last_ == '.') {
        if (point >= 0) return false;
        point = digits_;
      } else {
        break;
      }
    }
    exponent_ = point < 0 ? 0 : point - digits_;
    return true;
  }

  bool ReadExponent() {
    if ((last_ != 'e' && last_ != 'E') || i_ >= text_.size()) return true;
    const bool negative = text_[i_] == '-';
    if (negative || text_[i_] == '+') {
      if (++i_ == text_.size()) return false;
    }
    int64_t value = 0;
    while (i_ < text_.size()) {
      const char c = text_[i_++];
      if (c < '0' || c > '9') break;
      if (value < 40) value = value * 10 + (c - '0');
    }
    exponent_ += negative ? -value : value;
    return true;
  }

  const std::string_view text_;
  const int precision_;
  const int scale_;
  size_t i_ = 0;
  char last_ = 0;
  int64_t significand_ = 0;
  int64_t digits_ = 0;
  int64_t exponent_ = 0;
};

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// BigDecimal takes the digits of every script.
std::string WithAsciiDigits(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    int32_t size = static_cast<int32_t>(std::min(CharacterBytes(text[i]), text.size() - i));
    const std::string_view character = text.substr(i, static_cast<size_t>(size));
    UChar32 code = 0;
    int32_t at = 0;
    U8_NEXT(character.data(), at, size, code);
    const int32_t digit = code < 0x80 ? -1 : u_charDigitValue(code);
    if (digit >= 0) {
      out += static_cast<char>('0' + digit);
    } else {
      out += character;
    }
    i += character.size();
  }
  return out;
}

std::optional<int128_t> ParseLongDecimal(std::string_view text, int precision, int scale) {
  if (IsAscii(text)) return ParseDecimal(TrimSpace(text), precision, scale);
  return ParseDecimal(TrimSpace(WithAsciiDigits(text)), precision, scale);
}

struct StringToDecimal {
  int precision;
  int scale;
  bool operator()(RowScope& scope, const StringRef& input, int128_t* out) const {
    const std::string_view text = input.view();
    const bool is_short = precision <= 18 && text.size() <= 18;
    const auto value = is_short ? ShortDecimalReader(text, precision, scale).Read()
                                : ParseLongDecimal(text, precision, scale);
    if (value) *out = *value;
    return value || Fail(scope, input, "DECIMAL", "it is no number or does not fit");
  }
};

struct StringToBoolean {
  bool operator()(RowScope& scope, const StringRef& input, uint8_t* out) const {
    char lower[8] = {};
    const std::string_view text = input.view();
    if (text.size() < sizeof(lower)) {
      for (size_t i = 0; i < text.size(); ++i) {
        lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
      }
      const std::string_view word(lower, text.size());
      for (const std::string_view yes : {"t", "true", "y", "yes", "1"}) {
        if (word == yes) return *out = 1, true;
      }
      for (const std::string_view no : {"f", "false", "n", "no", "0"}) {
        if (word == no) return *out = 0, true;
      }
    }
    return Fail(scope, input, "BOOLEAN", "use true or false, t or f, yes or no, y or n, 1 or 0");
  }
};

struct StringToDate {
  bool operator()(RowScope& scope, const StringRef& input, int32_t* out) const {
    const auto days = ParseCastDate(input.view());
    if (days) *out = *days;
    return days || Fail(scope, input, "DATE", "it is not of the form yyyy-MM-dd");
  }
};

struct StringToTime {
  int precision;
  bool operator()(RowScope& scope, const StringRef& input, int32_t* out) const {
    const auto millis = ParseCastTime(input.view());
    if (millis) *out = TruncateTime(*millis, precision);
    return millis || Fail(scope, input, "TIME", "it is not of the form HH:mm:ss[.SSS]");
  }
};

struct StringToTimestamp {
  ZoneClock clock;
  bool to_utc;
  int precision;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, const StringRef& input, int64_t* out) const {
    auto instant = ParseCastTimestamp(input.view(), precision);
    if (!instant) {
      return Fail(scope, input, "TIMESTAMP", "it is not of the form yyyy-MM-dd[ HH:mm:ss[.SSS]]");
    }
    if (to_utc) instant->millis = clock.ToUtc(instant->millis);
    return ToTicks(scope, *instant, ticks_per_second, out);
  }
};

// To a length in bytes, filled with zero bytes if the type is BINARY.
struct FitBytes {
  uint32_t length;
  bool pad;
  bool operator()(RowScope& scope, const StringRef& input, StringRef* out) const {
    if (input.size() > length) {
      *out = scope.arena().Add(input.view().substr(0, length));
    } else if (pad && input.size() < length) {
      std::string padded(input.view());
      padded.resize(length, '\0');
      *out = scope.arena().Add(padded);
    } else {
      *out = input;
    }
    return true;
  }
};

bool IsBinary(const LogicalType& type) {
  return type.kind() == TypeKind::kBinary || type.kind() == TypeKind::kVarBinary;
}

Node* ToBinary(Builder& builder, Node* operand, const LogicalType& type) {
  const bool pad = type.kind() == TypeKind::kBinary;
  const bool fits =
      !pad && (type.length() == INT32_MAX ||
               (IsBinary(operand->type()) && operand->type().length() <= type.length()));
  if (fits || builder.settings().legacy_cast) return MakeRetype(builder, operand, type);
  return builder.Make<RowNode<FitBytes, StringRef, StringRef>>(
      type, std::vector<Node*>{operand}, FitBytes{static_cast<uint32_t>(type.length()), pad});
}

}  // namespace

Result<Node*> MakeCastFromString(Builder& builder, Node* operand, const LogicalType& type,
                                 bool try_cast) {
  // Of RAW, what its serializer wrote.
  const bool has_bytes = IsBinary(operand->type()) || operand->type().kind() == TypeKind::kRaw;
  if (has_bytes && IsBinary(type)) return ToBinary(builder, operand, type);
  if (!operand->type().IsString()) return nullptr;
  const std::vector<Node*> operands{operand};
  const OnError on_error = try_cast ? OnError::kNull : OnError::kFail;
  const auto make = [&]<typename F, typename R>(F f, R) -> Node* {
    return builder.Make<RowNode<F, R, StringRef>>(type, operands, f, on_error);
  };
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return make(StringToBoolean{}, uint8_t{});
    case TypeKind::kTinyInt:
      return make(StringToInteger<int8_t>{}, int8_t{});
    case TypeKind::kSmallInt:
      return make(StringToInteger<int16_t>{}, int16_t{});
    case TypeKind::kInteger:
      return make(StringToInteger<int32_t>{}, int32_t{});
    case TypeKind::kBigInt:
      return make(StringToInteger<int64_t>{}, int64_t{});
    case TypeKind::kFloat:
      return make(StringToFloat{}, float{});
    case TypeKind::kDouble:
      return make(StringToDouble{}, double{});
    case TypeKind::kDecimal:
      return make(StringToDecimal{type.precision(), type.scale()}, int128_t{});
    case TypeKind::kDate:
      return make(StringToDate{}, int32_t{});
    case TypeKind::kTime:
      return make(StringToTime{type.precision()}, int32_t{});
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, ZoneClock::Find(builder.settings().time_zone));
      return make(StringToTimestamp{clock, type.kind() == TypeKind::kTimestampLtz, type.precision(),
                                    type.TicksPerSecond()},
                  int64_t{});
    }
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return ToBinary(builder, operand, type);
    default:
      return nullptr;
  }
}

}  // namespace castor::expr
