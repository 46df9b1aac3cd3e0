// What both kinds of pattern share: reading the pattern, writing fields.
#include "expr/java_time_format.h"

#include <charconv>

#include "expr/java_time_fields.h"

namespace castor::expr {
namespace {

constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
constexpr std::string_view kDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                      "Friday", "Saturday", "Sunday"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string_view MonthName(int32_t month, bool full) {
  return full ? kMonths[month - 1] : kMonths[month - 1].substr(0, 3);
}
std::string_view DayName(int32_t iso_day, bool full) {
  return full ? kDays[iso_day - 1] : kDays[iso_day - 1].substr(0, 3);
}

void AppendPadded(int64_t value, int width, std::string* out) {
  if ((width == 2 && value >= 0 && value < 100) || (width == 4 && value >= 0 && value < 10'000)) {
    const auto number = static_cast<uint32_t>(value);
    const char digits[] = {
        static_cast<char>('0' + number / 1000), static_cast<char>('0' + number / 100 % 10),
        static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
    out->append(digits + 4 - width, static_cast<size_t>(width));
    return;
  }
  if (value < 0) *out += '-';
  char digits[24];
  const uint64_t magnitude =
      value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  const char* end = std::to_chars(digits, digits + sizeof(digits), magnitude).ptr;
  const auto size = static_cast<size_t>(end - digits);
  if (size < static_cast<size_t>(width)) out->append(static_cast<size_t>(width) - size, '0');
  out->append(digits, size);
}

Status JavaTimePattern::Compile(std::string_view pattern, std::string_view letters) {
  const auto literal = [this]() -> std::string& {
    if (items_.empty() || items_.back().letter != 0) items_.emplace_back();
    return items_.back().text;
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\'') {
      if (pattern.substr(i + 1).starts_with('\'')) {
        literal() += '\'';
        ++i;
        continue;
      }
      for (++i; i < pattern.size(); ++i) {
        if (pattern[i] != '\'') {
          literal() += pattern[i];
        } else if (pattern.substr(i + 1).starts_with('\'')) {
          literal() += '\'';
          ++i;
        } else {
          break;
        }
      }
      if (i == pattern.size()) {
        return Status::InvalidArgument("time format '" + std::string(pattern) +
                                       "': a quote is not closed");
      }
    } else if (IsLetter(c) || c == '[' || c == ']' || c == '{' || c == '}' || c == '#') {
      if (letters.find(c) == std::string_view::npos) {
        return Status::Unsupported("time format '" + std::string(pattern) + "': the letter '" +
                                   std::string(1, c) + "' is not supported; use of " +
                                   std::string(letters));
      }
      int count = 1;
      while (i + 1 < pattern.size() && pattern[i + 1] == c) ++i, ++count;
      items_.push_back({c, count, ""});
    } else {
      literal() += c;
    }
  }
  return Status::OK();
}

}  // namespace castor::expr
