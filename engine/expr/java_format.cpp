#include "expr/java_format.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "expr/java_number_text.h"
#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number at `*at`, if there is one; false if it is too large.
bool ReadNumber(std::string_view text, size_t* at, int32_t* number) {
  size_t end = *at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  const auto [last, error] = std::from_chars(text.data() + *at, text.data() + end, *number);
  *at = end;
  return error == std::errc();
}

std::string Upper(const std::string& text) {
  std::string upper;
  icu::UnicodeString::fromUTF8(text).toUpper(icu::Locale::getRoot()).toUTF8String(upper);
  return upper;
}

// To a width in Java's characters.
std::string Justified(std::string text, int32_t width, bool left) {
  const auto size = static_cast<int32_t>(IsAscii(text) ? text.size() : ToUtf16(text).size());
  if (width <= size) return text;
  const std::string blanks(static_cast<size_t>(width - size), ' ');
  return left ? text + blanks : blanks + text;
}

std::string Cut(const std::string& text, int32_t length) {
  if (IsAscii(text)) return text.substr(0, static_cast<size_t>(length));
  return FromUtf16(ToUtf16(text).substr(0, static_cast<size_t>(length)));
}

}  // namespace

// The decimal digits of a number that is not negative, rounded half up as Java's are: from those
// that Double.toString has.
struct JavaFormat::Digits {
  std::string digits;
  int64_t whole = 0;  // how many stand before the point

  explicit Digits(double value) {
    char text[kMaxNumberText];
    const std::string_view view(text, static_cast<size_t>(WriteJavaDouble(value, text) - text));
    int64_t exponent = 0;
    bool fraction = false;
    for (size_t i = 0; i < view.size(); ++i) {
      if (view[i] == '.') {
        fraction = true;
      } else if (view[i] == 'E') {
        std::from_chars(view.data() + i + 1, view.data() + view.size(), exponent);
        break;
      } else {
        digits += view[i];
        whole += fraction ? 0 : 1;
      }
    }
    whole += exponent;
    const size_t zeros = digits.find_first_not_of('0');
    if (zeros == std::string::npos) {
      digits = "0";
      whole = 1;
    } else {
      digits.erase(0, zeros);
      whole -= static_cast<int64_t>(zeros);
    }
  }

  int64_t exponent() const { return digits == "0" ? 0 : whole - 1; }

  void Keep(int64_t count) {
    if (count >= static_cast<int64_t>(digits.size())) return;
    const bool up = count >= 0 && digits[static_cast<size_t>(count)] >= '5';
    digits.resize(static_cast<size_t>(std::max<int64_t>(count, 0)));
    if (up) {
      size_t i = digits.size();
      while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
      if (i > 0) {
        ++digits[i - 1];
      } else {
        digits.insert(digits.begin(), '1');
        ++whole;
      }
    }
  }

  char At(int64_t i) const {
    return i >= 0 && i < static_cast<int64_t>(digits.size()) ? digits[static_cast<size_t>(i)] : '0';
  }
};

Result<JavaFormat> JavaFormat::Parse(std::string_view format) {
  JavaFormat parsed;
  std::string text;
  for (size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      text += format[at++];
      continue;
    }
    Specifier specifier;
    if (!ReadSpecifier(format, &at, &specifier)) {
      return Status::InvalidArgument("format '" + std::string(format) + "' is wrong at position " +
                                     std::to_string(at));
    }
    constexpr std::string_view kNotMade = "aAtT";
    if (kNotMade.find(specifier.conversion) != std::string_view::npos) {
      return Status::Unsupported("format '" + std::string(format) + "' is not supported: %" +
                                 specifier.conversion);
    }
    if (!IsConsistent(specifier)) {
      return Status::InvalidArgument("format '" + std::string(format) +
                                     "' has flags that do not go");
    }
    specifier.before = std::move(text);
    text.clear();
    parsed.specifiers_.push_back(std::move(specifier));
  }
  Specifier last;
  last.before = std::move(text);
  parsed.specifiers_.push_back(std::move(last));
  return parsed;
}

// %[index$][flags][width][.precision]conversion
bool JavaFormat::ReadSpecifier(std::string_view format, size_t* at, Specifier* specifier) {
  size_t i = *at + 1;
  size_t digits = i;
  while (digits < format.size() && IsDigit(format[digits])) ++digits;
  if (digits > i && digits < format.size() && format[digits] == '$') {
    if (!ReadNumber(format, &i, &specifier->index) || specifier->index == 0) return false;
    ++i;
  }
  constexpr std::string_view kFlags = "-#+ 0,(<";
  for (size_t flag; i < format.size() && (flag = kFlags.find(format[i])) != std::string_view::npos;
       ++i) {
    const auto bit = static_cast<uint8_t>(1 << flag);
    if (specifier->has(bit)) return false;
    specifier->flags |= bit;
  }
  if (i < format.size() && IsDigit(format[i]) && !ReadNumber(format, &i, &specifier->width)) {
    return false;
  }
  if (i < format.size() && format[i] == '.') {
    ++i;
    if (i >= format.size() || !IsDigit(format[i])) return false;
    if (!ReadNumber(format, &i, &specifier->precision)) return false;
  }
  if (i >= format.size()) return false;
  specifier->conversion = format[i];
  constexpr std::string_view kConversions = "bBhHsScCdoxXeEfgGaAtT%n";
  if (kConversions.find(format[i]) == std::string_view::npos) return false;
  *at = i + 1;
  return true;
}

bool JavaFormat::IsConsistent(const Specifier& specifier) {
  if (specifier.conversion == 'n') {
    return specifier.width < 0 && specifier.precision < 0 && specifier.flags == 0;
  }
  if (specifier.has(kLeft) && specifier.width < 0) return false;
  constexpr uint8_t kOfNumbers = kPlus | kSpace | kZero | kGroup | kParentheses;
  switch (specifier.lower()) {
    case 'b':
    case 'h':
      return !specifier.has(kOfNumbers | kAlternate);
    case 's':
      return !specifier.has(kOfNumbers);
    case 'c':
      return specifier.precision < 0 && !specifier.has(kOfNumbers | kAlternate);
    default:
      break;
  }
  if (specifier.conversion == '%') {
    return specifier.precision < 0 && (specifier.flags & ~kLeft) == 0;
  }
  return IsConsistentNumber(specifier);
}

bool JavaFormat::IsConsistentNumber(const Specifier& specifier) {
  if (specifier.has(kZero) && specifier.width < 0) return false;
  if (specifier.has(kPlus) && specifier.has(kSpace)) return false;
  if (specifier.has(kLeft) && specifier.has(kZero)) return false;
  switch (specifier.lower()) {
    case 'd':
      return specifier.precision < 0 && !specifier.has(kAlternate);
    case 'o':
    case 'x':
      return specifier.precision < 0 && !specifier.has(kGroup);
    case 'e':
      return !specifier.has(kGroup);
    case 'g':
      return !specifier.has(kAlternate);
    default:
      return true;
  }
}

std::optional<std::string> JavaFormat::Apply(std::span<const FormatArgument> arguments) const {
  std::string out;
  int32_t next = 0, previous = -1;
  for (const Specifier& specifier : specifiers_) {
    out += specifier.before;
    if (specifier.conversion == 0) continue;
    if (specifier.conversion == 'n') {
      out += '\n';
      continue;
    }
    if (specifier.conversion == '%') {
      out += Justified("%", specifier.width, specifier.has(kLeft));
      continue;
    }
    if (!specifier.has(kPrevious)) previous = specifier.index > 0 ? specifier.index - 1 : next++;
    if (previous < 0 || previous >= static_cast<int32_t>(arguments.size())) return std::nullopt;
    if (!Append(specifier, arguments[static_cast<size_t>(previous)], &out)) return std::nullopt;
  }
  return out;
}

bool JavaFormat::Append(const Specifier& specifier, const FormatArgument& argument,
                        std::string* out) {
  using Kind = FormatArgument::Kind;
  std::string text;
  const bool null = argument.kind == Kind::kNull;
  const char conversion = specifier.lower();
  if (conversion == 'b') {
    text = !null && (argument.kind != Kind::kBoolean || argument.boolean) ? "true" : "false";
  } else if (conversion == 's') {
    if (!null && specifier.has(kAlternate)) return false;
    text = null ? "null" : argument.text;
  } else if (null) {
    text = "null";
  } else if (conversion == 'h') {
    char digits[8];
    const auto hash = static_cast<uint32_t>(argument.hash);
    text.assign(digits, std::to_chars(digits, digits + sizeof(digits), hash, 16).ptr);
  } else if (conversion == 'c') {
    if (!Character(argument, &text)) return false;
  } else if (conversion == 'e' || conversion == 'f' || conversion == 'g') {
    if (argument.kind != Kind::kFloating) return false;
    Floating(specifier, argument.floating, &text);
  } else if (!Integer(specifier, argument, &text)) {
    return false;
  }
  const bool cut = null || conversion == 'b' || conversion == 'h' || conversion == 's';
  if (cut && specifier.precision >= 0) text = Cut(text, specifier.precision);
  if (specifier.upper()) text = Upper(text);
  *out += Justified(std::move(text), specifier.width, specifier.has(kLeft));
  return true;
}

bool JavaFormat::Character(const FormatArgument& argument, std::string* text) {
  if (argument.kind != FormatArgument::Kind::kInteger || argument.bits > 32) return false;
  if (argument.integer < 0 || argument.integer > 0x10ffff) return false;
  AppendCodePoint(static_cast<char32_t>(argument.integer), text);
  return true;
}

bool JavaFormat::Integer(const Specifier& specifier, const FormatArgument& argument,
                         std::string* text) {
  if (argument.kind != FormatArgument::Kind::kInteger) return false;
  if (specifier.conversion == 'd') {
    Decimal(specifier, argument, text);
    return true;
  }
  if (specifier.has(kParentheses | kSpace | kPlus)) return false;
  auto value = static_cast<uint64_t>(argument.integer);
  if (argument.bits < 64) value &= (uint64_t{1} << argument.bits) - 1;
  const bool hex = specifier.lower() == 'x';
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value, hex ? 16 : 8);
  *text = std::string(specifier.has(kAlternate) ? (hex ? "0x" : "0") : "");
  const std::string_view written(digits, static_cast<size_t>(end - digits));
  if (specifier.has(kZero)) {
    const auto size = static_cast<int32_t>(text->size() + written.size());
    if (size < specifier.width) text->append(static_cast<size_t>(specifier.width - size), '0');
  }
  *text += written;
  return true;
}

void JavaFormat::Decimal(const Specifier& specifier, const FormatArgument& argument,
                         std::string* text) {
  std::string digits = std::to_string(argument.integer);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  Finish(specifier, negative, std::move(digits), "", text);
}

void JavaFormat::Floating(const Specifier& specifier, double value, std::string* text) {
  const bool negative = std::signbit(value) && !std::isnan(value);
  if (!std::isfinite(value)) {
    // No zeros before these.
    Specifier plain = specifier;
    plain.flags = static_cast<uint8_t>(plain.flags & ~(kZero | kGroup));
    if (std::isnan(value)) {
      *text = "NaN";
    } else {
      Finish(plain, negative, "Infinity", "", text);
    }
    return;
  }
  int32_t places = specifier.precision < 0 ? 6 : specifier.precision;
  Digits digits(std::fabs(value));
  bool scientific = specifier.lower() == 'e';
  if (specifier.lower() == 'g') {
    const int32_t significant = std::max(places, 1);
    digits.Keep(significant);
    const int64_t exponent = digits.exponent();
    scientific = exponent < -4 || exponent >= significant;
    places = significant - 1 - (scientific ? 0 : static_cast<int32_t>(exponent));
  }
  std::string whole, rest;
  if (!scientific) {
    digits.Keep(digits.whole + places);
    for (int64_t i = 0; i < digits.whole; ++i) whole += digits.At(i);
    if (whole.empty()) whole = "0";
    for (int32_t i = 0; i < places; ++i) rest += digits.At(digits.whole + i);
  } else {
    digits.Keep(places + 1);
    whole += digits.At(0);
    for (int32_t i = 1; i <= places; ++i) rest += digits.At(i);
  }
  if (places > 0 || specifier.has(kAlternate)) rest.insert(0, ".");
  if (scientific) {
    const int64_t exponent = digits.exponent();
    const std::string size = std::to_string(std::abs(exponent));
    rest += exponent < 0 ? "e-" : "e+";
    rest += (size.size() < 2 ? "0" : "") + size;
  }
  Finish(specifier, negative, std::move(whole), rest, text);
}

// Sign, groups and zeros around the digits before the point.
void JavaFormat::Finish(const Specifier& specifier, bool negative, std::string whole,
                        const std::string& rest, std::string* text) {
  if (specifier.has(kGroup)) {
    for (auto i = static_cast<int64_t>(whole.size()) - 3; i > 0; i -= 3) {
      whole.insert(static_cast<size_t>(i), ",");
    }
  }
  std::string sign, close;
  if (negative && specifier.has(kParentheses)) {
    sign = "(";
    close = ")";
  } else if (negative) {
    sign = "-";
  } else if (specifier.has(kPlus)) {
    sign = "+";
  } else if (specifier.has(kSpace)) {
    sign = " ";
  }
  const size_t size = sign.size() + whole.size() + rest.size() + close.size();
  std::string zeros;
  if (specifier.has(kZero) && size < static_cast<size_t>(specifier.width)) {
    zeros.assign(static_cast<size_t>(specifier.width) - size, '0');
  }
  *text = sign + zeros + whole + rest + close;
}

}  // namespace castor::expr
