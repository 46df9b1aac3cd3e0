#include "expr/json/big_decimal.h"

#include <charconv>
#include <cstdint>
#include <string>

namespace castor::expr::json {
namespace {

struct Decimal {
  bool negative = false;
  std::string digits;    // none before the first that is not 0; empty: zero
  int64_t exponent = 0;  // of the first digit
};

// Nothing is checked here.
Decimal Read(std::string_view text) {
  Decimal decimal;
  int64_t whole = 0, exponent = 0;
  bool fraction = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-') decimal.negative = true;
    if (c == '.') fraction = true;
    if (c == 'e' || c == 'E') {
      const std::string_view rest = text.substr(i + (text[i + 1] == '+' ? 2 : 1));
      std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
      break;
    }
    if (c < '0' || c > '9') continue;
    if (c == '0' && decimal.digits.empty()) {
      whole -= fraction ? 1 : 0;
    } else {
      decimal.digits += c;
      whole += fraction ? 0 : 1;
    }
  }
  while (decimal.digits.ends_with('0')) decimal.digits.pop_back();
  decimal.exponent = whole - 1 + exponent;
  return decimal;
}

bool TakeDigits(std::string_view* text) {
  const size_t start = text->size();
  while (!text->empty() && text->front() >= '0' && text->front() <= '9') text->remove_prefix(1);
  return text->size() < start;
}

void TakeSign(std::string_view* text) {
  if (text->starts_with('-') || text->starts_with('+')) text->remove_prefix(1);
}

int CompareMagnitudes(const Decimal& a, const Decimal& b) {
  if (a.digits.empty() || b.digits.empty()) return int{!a.digits.empty()} - int{!b.digits.empty()};
  if (a.exponent != b.exponent) return a.exponent < b.exponent ? -1 : 1;
  const int order = a.digits.compare(b.digits);
  return order < 0 ? -1 : order > 0;
}

}  // namespace

bool IsBigDecimal(std::string_view text) {
  TakeSign(&text);
  const bool whole = TakeDigits(&text);
  bool fraction = false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = TakeDigits(&text);
  }
  if (!whole && !fraction) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  TakeSign(&text);
  return text.size() <= 10 && TakeDigits(&text) && text.empty();
}

int CompareBigDecimals(std::string_view a, std::string_view b) {
  const Decimal left = Read(a), right = Read(b);
  const bool left_below = left.negative && !left.digits.empty();
  const bool right_below = right.negative && !right.digits.empty();
  if (left_below != right_below) return left_below ? -1 : 1;
  const int order = CompareMagnitudes(left, right);
  return left_below ? -order : order;
}

}  // namespace castor::expr::json
