// What both kinds of pattern share: reading the pattern, writing fields.
#include "expr/java_time_format.h"

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
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (value < 0) *out += '-';
  for (auto size = static_cast<int>(digits.size()); size < width; ++size) *out += '0';
  *out += digits;
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
