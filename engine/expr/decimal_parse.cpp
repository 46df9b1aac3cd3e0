// ParseDecimal: the grammar of java.math.BigDecimal(String).
#include <algorithm>

#include "expr/decimal.h"

namespace castor::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Number {
  bool negative = false;
  std::string_view integer;   // digits before the point
  std::string_view fraction;  // digits behind it
  int64_t exponent = 0;
};

bool ReadExponent(std::string_view text, int64_t* exponent) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 10) return false;  // Java's limit: ten digits
  int64_t value = 0;
  for (char c : text) {
    if (!IsDigit(c)) return false;
    value = value * 10 + (c - '0');
  }
  *exponent = negative ? -value : value;
  return value <= INT32_MAX;
}

bool ReadNumber(std::string_view text, Number* number) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    number->negative = text[0] == '-';
    text.remove_prefix(1);
  }
  size_t i = 0;
  while (i < text.size() && IsDigit(text[i])) ++i;
  number->integer = text.substr(0, i);
  text.remove_prefix(i);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    i = 0;
    while (i < text.size() && IsDigit(text[i])) ++i;
    number->fraction = text.substr(0, i);
    text.remove_prefix(i);
  }
  if (number->integer.empty() && number->fraction.empty()) return false;
  if (text.empty()) return true;
  return (text[0] == 'e' || text[0] == 'E') && ReadExponent(text.substr(1), &number->exponent);
}

}  // namespace

std::optional<int128_t> ParseDecimal(std::string_view text, int precision, int scale,
                                     bool* malformed) {
  Number number;
  const bool readable = ReadNumber(text, &number);
  if (malformed != nullptr) *malformed = !readable;
  if (!readable) return std::nullopt;

  // The digits as one row; `wanted` of them make the unscaled value, the next one rounds.
  const auto integer_digits = static_cast<int64_t>(number.integer.size());
  const auto all_digits = integer_digits + static_cast<int64_t>(number.fraction.size());
  const int64_t wanted = integer_digits + number.exponent + scale;
  const auto digit = [&](int64_t i) {
    return i < integer_digits ? number.integer[static_cast<size_t>(i)]
                              : number.fraction[static_cast<size_t>(i - integer_digits)];
  };

  int128_t unscaled = 0;
  const int128_t room_for_digit = PowerOfTen(precision - 1);
  for (int64_t i = 0; i < std::min(wanted, all_digits); ++i) {
    if (unscaled >= room_for_digit) return std::nullopt;
    unscaled = unscaled * 10 + (digit(i) - '0');
  }
  for (int64_t i = all_digits; i < wanted && unscaled != 0; ++i) {
    if (unscaled >= room_for_digit) return std::nullopt;
    unscaled *= 10;
  }
  if (wanted >= 0 && wanted < all_digits && digit(wanted) >= '5') ++unscaled;
  if (!FitsPrecision(unscaled, precision)) return std::nullopt;
  return number.negative ? -unscaled : unscaled;
}

}  // namespace castor::expr
