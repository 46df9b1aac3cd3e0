#include "format/api/java_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

namespace castor::format {
namespace {

__extension__ typedef unsigned __int128 Unsigned128;  // a using declaration is refused

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int128_t PowerOfTen(int32_t exponent) {
  int128_t power = 1;
  for (int32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// What Double.parseDouble takes beyond plain numbers: NaN, Infinity, hexadecimal, a type suffix.
template <typename T>
bool ParseUnusualFloat(std::string_view text, T* value) {
  bool negative = false;
  std::string_view body = text;
  if (!body.empty() && (body[0] == '-' || body[0] == '+')) {
    negative = body[0] == '-';
    body.remove_prefix(1);
  }
  const T sign = negative ? T(-1) : T(1);
  if (body == "NaN") {
    *value = std::numeric_limits<T>::quiet_NaN();
    return true;
  }
  if (body == "Infinity") {
    *value = sign * std::numeric_limits<T>::infinity();
    return true;
  }
  if (body.size() > 2 && body[0] == '0' && (body[1] == 'x' || body[1] == 'X')) {
    body.remove_prefix(2);
    if (body.find_first_of("pP") == std::string_view::npos) return false;  // Java demands it
    if (!body.empty() && std::string_view("fFdD").find(body.back()) != std::string_view::npos) {
      body.remove_suffix(1);
    }
    auto [end, error] =
        std::from_chars(body.data(), body.data() + body.size(), *value, std::chars_format::hex);
    *value *= sign;
    return error == std::errc() && end == body.data() + body.size();
  }
  return false;
}

// std::strtod knows what std::from_chars does not say: whether out of range is too large or too
// small.
void ParseOutOfRange(std::string_view text, double* value) {
  *value = std::strtod(std::string(text).c_str(), nullptr);
}
void ParseOutOfRange(std::string_view text, float* value) {
  *value = std::strtof(std::string(text).c_str(), nullptr);
}

template <typename T>
bool ParseFloating(std::string_view text, T* value) {
  text = TrimJava(text);
  if (text.empty()) return false;
  std::string_view body = text;
  if (body[0] == '+') body.remove_prefix(1);
  const char last = body.empty() ? '\0' : body.back();
  if (body.size() > 1 && (last == 'd' || last == 'D' || last == 'f' || last == 'F')) {
    body.remove_suffix(1);
  }
  const size_t first = !body.empty() && body[0] == '-' ? 1 : 0;
  // Keeps out "nan", "inf" and a second sign, which std::from_chars would take or Java would not.
  if (body.size() > first && (IsDigit(body[first]) || body[first] == '.')) {
    auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), *value);
    if (error == std::errc::result_out_of_range) {
      ParseOutOfRange(body, value);
      error = std::errc();
    }
    if (error == std::errc() && end == body.data() + body.size()) return true;
  }
  return ParseUnusualFloat(text, value);
}

template <typename T>
void AppendFloating(T value, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
    return;
  }
  if (std::signbit(value)) {
    *out += '-';
    value = -value;
  }
  if (std::isinf(value)) {
    *out += "Infinity";
    return;
  }
  if (value == 0) {
    *out += "0.0";
    return;
  }
  char text[48];
  auto result = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific);
  // "d[.ddd]e[+-]xx" to digits and exponent.
  char digits[32];
  int count = 0;
  const char* p = text;
  for (; *p != 'e'; ++p) {
    if (*p != '.') digits[count++] = *p;
  }
  int exponent = 0;
  const char* exponent_text = p + 1 + (p[1] == '+' ? 1 : 0);
  std::from_chars(exponent_text, result.ptr, exponent);

  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) {
      *out += "0.";
      out->append(static_cast<size_t>(-exponent - 1), '0');
      out->append(digits, static_cast<size_t>(count));
      return;
    }
    for (int i = 0; i <= exponent; ++i) *out += i < count ? digits[i] : '0';
    *out += '.';
    if (count <= exponent + 1) {
      *out += '0';
    } else {
      out->append(digits + exponent + 1, static_cast<size_t>(count - exponent - 1));
    }
    return;
  }
  *out += digits[0];
  *out += '.';
  if (count == 1) {
    *out += '0';
  } else {
    out->append(digits + 1, static_cast<size_t>(count - 1));
  }
  *out += 'E';
  AppendInteger(exponent, out);
}

// The digits of |unscaled|, in `buffer`.
std::string_view DigitsOf(int128_t unscaled, char (&buffer)[40]) {
  Unsigned128 rest =
      unscaled < 0 ? -static_cast<Unsigned128>(unscaled) : static_cast<Unsigned128>(unscaled);
  char* start = buffer + 40;
  while (rest > UINT64_MAX) {
    *--start = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  auto low = static_cast<uint64_t>(rest);
  do {
    *--start = static_cast<char>('0' + low % 10);
    low /= 10;
  } while (low != 0);
  return {start, static_cast<size_t>(buffer + 40 - start)};
}

// The last `scale` digits behind a point.
void AppendPlainDigits(std::string_view digits, int64_t scale, std::string* out) {
  const auto count = static_cast<int64_t>(digits.size());
  if (scale <= 0) {
    *out += digits;
  } else if (count > scale) {
    *out += digits.substr(0, static_cast<size_t>(count - scale));
    *out += '.';
    *out += digits.substr(static_cast<size_t>(count - scale));
  } else {
    *out += "0.";
    out->append(static_cast<size_t>(scale - count), '0');
    *out += digits;
  }
}

// BigDecimal.toString() of digits without sign.
void AppendDecimalDigits(std::string_view digits, int64_t scale, std::string* out) {
  const int64_t adjusted = static_cast<int64_t>(digits.size()) - 1 - scale;
  if (scale >= 0 && adjusted >= -6) return AppendPlainDigits(digits, scale, out);
  *out += digits[0];
  if (digits.size() > 1) {
    *out += '.';
    *out += digits.substr(1);
  }
  *out += adjusted > 0 ? "E+" : "E";
  AppendInteger(adjusted, out);
}

}  // namespace

std::string_view TrimJava(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool ParseJavaInteger(std::string_view text, int64_t min, int64_t max, int64_t* value) {
  if (text.empty()) return false;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return false;
  uint64_t magnitude = 0;
  if (text.size() <= 18) {  // cannot overflow
    for (char c : text) {
      if (!IsDigit(c)) return false;
      magnitude = magnitude * 10 + static_cast<uint64_t>(c - '0');
    }
  } else {
    for (char c : text) {
      if (!IsDigit(c)) return false;
      if (__builtin_mul_overflow(magnitude, uint64_t{10}, &magnitude) ||
          __builtin_add_overflow(magnitude, static_cast<uint64_t>(c - '0'), &magnitude)) {
        return false;
      }
    }
    const uint64_t limit = static_cast<uint64_t>(INT64_MAX) + (negative ? 1 : 0);
    if (magnitude > limit) return false;
  }
  const auto signed_value = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  if (signed_value < min || signed_value > max) return false;
  *value = signed_value;
  return true;
}

bool ParseJavaDouble(std::string_view text, double* value) { return ParseFloating(text, value); }
bool ParseJavaFloat(std::string_view text, float* value) { return ParseFloating(text, value); }

DecimalText ParseJavaDecimal(std::string_view text, int32_t precision, int32_t scale,
                             int128_t* unscaled) {
  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) ++p;

  // Where the mantissa ends and what its exponent is.
  const char* const mantissa = p;
  int64_t digits = 0;
  int64_t fraction_digits = 0;
  bool point = false;
  for (; p < end && (IsDigit(*p) || *p == '.'); ++p) {
    if (*p == '.') {
      if (point) return DecimalText::kMalformed;
      point = true;
    } else {
      ++digits;
      fraction_digits += point ? 1 : 0;
    }
  }
  const char* const mantissa_end = p;
  if (digits == 0) return DecimalText::kMalformed;
  int64_t exponent = 0;
  if (p < end) {
    if (*p != 'e' && *p != 'E') return DecimalText::kMalformed;
    std::string_view rest(p + 1, static_cast<size_t>(end - p - 1));
    if (!ParseJavaInteger(rest, INT32_MIN, INT32_MAX, &exponent)) return DecimalText::kMalformed;
  }

  // Of the mantissa's digits the first `kept` stand before the last place of the result.
  const int64_t shift = scale - fraction_digits + exponent;
  const int64_t kept = shift >= 0 ? digits : digits + shift;
  const int128_t limit = PowerOfTen(precision);
  int128_t value = 0;
  int64_t seen = 0;
  bool round_up = false;
  for (p = mantissa; p < mantissa_end; ++p) {
    if (*p == '.') continue;
    if (seen < kept) {
      value = value * 10 + (*p - '0');
      if (value >= limit) return DecimalText::kTooLarge;
    } else if (seen == kept) {
      round_up = *p >= '5';
      break;
    }
    ++seen;
  }
  for (int64_t i = 0; i < shift && value != 0; ++i) {
    value *= 10;
    if (value >= limit) return DecimalText::kTooLarge;
  }
  if (round_up && kept >= 0 && ++value >= limit) return DecimalText::kTooLarge;
  *unscaled = negative ? -value : value;
  return DecimalText::kValue;
}

void AppendJavaDouble(double value, std::string* out) { AppendFloating(value, out); }
void AppendJavaFloat(float value, std::string* out) { AppendFloating(value, out); }

void AppendInteger(int64_t value, std::string* out) {
  char text[24];
  auto result = std::to_chars(text, text + sizeof(text), value);
  out->append(text, static_cast<size_t>(result.ptr - text));
}

void AppendPlainDecimal(int128_t unscaled, int32_t scale, std::string* out) {
  char buffer[40];
  if (unscaled < 0) *out += '-';
  AppendPlainDigits(DigitsOf(unscaled, buffer), scale, out);
}

void AppendJavaDecimal(int128_t unscaled, int32_t scale, std::string* out) {
  char buffer[40];
  if (unscaled < 0) *out += '-';
  AppendDecimalDigits(DigitsOf(unscaled, buffer), scale, out);
}

void AppendStrippedDecimal(int128_t unscaled, int32_t scale, std::string* out) {
  if (unscaled == 0) scale = 0;
  while (unscaled != 0 && unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  AppendJavaDecimal(unscaled, scale, out);
}

void AppendStrippedDecimal(std::string_view number, std::string* out) {
  const bool negative = number.front() == '-';
  const size_t exponent_mark = std::min(number.find_first_of("eE"), number.size());
  std::string digits;
  int64_t scale = 0;
  bool fraction = false;
  for (const char c : number.substr(negative ? 1 : 0, exponent_mark - (negative ? 1 : 0))) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    scale += fraction ? 1 : 0;
    if (c != '0' || !digits.empty()) digits += c;
  }
  int64_t exponent = 0;
  if (exponent_mark < number.size()) {
    ParseJavaInteger(number.substr(exponent_mark + 1), INT32_MIN, INT32_MAX, &exponent);
  }
  scale -= exponent;
  for (; !digits.empty() && digits.back() == '0'; --scale) digits.pop_back();
  if (digits.empty()) {
    *out += '0';
    return;
  }
  if (negative) *out += '-';
  AppendDecimalDigits(digits, scale, out);
}

}  // namespace castor::format
