#include "cli/terminal/terminal.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>

namespace castor::cli {
namespace {

bool DumbTerminal() {
  const char* term = std::getenv("TERM");
  return term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
}

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Bytes of the colour sequence at the start of `text`; 0 if there is none.
size_t EscapeLength(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const size_t end = text.find('m');
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

Style Style::Of(io::Stream stream) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  return Style(!refused && !DumbTerminal() && io::IsTerminal(stream));
}

std::string Style::Wrap(std::string_view code, std::string_view text) const {
  if (!coloured_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

void Print(io::Stream stream, std::string_view text) {
  (void)io::WriteToConsole(stream, text).ok();
}

bool CanRedraw() { return io::IsTerminal(io::Stream::kError) && !DumbTerminal(); }

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    if (const size_t escape = EscapeLength(text.substr(i)); escape > 0) {
      i += escape;
      continue;
    }
    if (!IsContinuationByte(text[i])) ++width;
    ++i;
  }
  return width;
}

std::string Fit(std::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  std::string fitted;
  size_t width = 0;
  bool coloured = false;
  for (size_t i = 0; i < text.size();) {
    if (const size_t escape = EscapeLength(text.substr(i)); escape > 0) {
      fitted += text.substr(i, escape);
      coloured = text.substr(i, escape) != "\x1b[0m";
      i += escape;
      continue;
    }
    if (width + 1 >= columns) break;
    do fitted += text[i++];
    while (i < text.size() && IsContinuationByte(text[i]));
    ++width;
  }
  if (columns > 0) fitted += "…";
  if (coloured) fitted += "\x1b[0m";
  return fitted;
}

std::string FormatCount(int64_t n) {
  std::string digits = std::to_string(n);
  const size_t first = n < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string FormatRate(double per_second) {
  if (per_second < 999.5) return fmt::format("{:.{}f}/s", per_second, per_second < 9.95 ? 1 : 0);
  constexpr std::array<const char*, 3> kUnits = {"k", "M", "G"};
  size_t unit = 0;
  per_second /= 1000;
  while (per_second >= 999.5 && unit + 1 < kUnits.size()) {
    per_second /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f}{}/s", per_second, per_second < 99.95 ? 1 : 0, kUnits[unit]);
}

std::string FormatBytes(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  constexpr std::array<const char*, 4> kUnits = {"KB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, value < 99.95 ? 1 : 0, kUnits[unit]);
}

std::string FormatDuration(int64_t ms) {
  if (ms < 0) return "-" + FormatDuration(-ms);
  const int64_t s = ms / 1000;
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (s < 60) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  if (s < 48 * 3600) return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
  const int64_t days = s / 86400;
  return days < 730 ? fmt::format("{} days", days) : fmt::format("{} years", days / 365);
}

std::string FormatClock(int64_t ms) {
  const int64_t s = ms / 1000;
  if (s < 3600) return fmt::format("{:02}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string FormatTimestamp(int64_t ms) {
  std::time_t seconds = ms / 1000;
  if (ms % 1000 < 0) --seconds;
  std::tm utc = {};
  if (::gmtime_r(&seconds, &utc) == nullptr) return std::to_string(ms);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace castor::cli
