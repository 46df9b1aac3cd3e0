// Text for people: colours where they are wanted, lines and numbers that fit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/console.h"

namespace castor::cli {

// Wraps text in colours, or leaves it alone where nobody sees them: not on a terminal, with
// NO_COLOR set (no-color.org), or with TERM=dumb.
class Style {
 public:
  explicit Style(bool coloured) : coloured_(coloured) {}
  static Style Of(io::Stream stream);

  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Red(std::string_view text) const { return Wrap("1;31", text); }
  std::string Green(std::string_view text) const { return Wrap("32", text); }
  std::string Yellow(std::string_view text) const { return Wrap("33", text); }
  std::string Cyan(std::string_view text) const { return Wrap("36", text); }

 private:
  std::string Wrap(std::string_view code, std::string_view text) const;

  bool coloured_;
};

// Writes all of it; a reader that went away is no error here, the next write of a row says so.
void Print(io::Stream stream, std::string_view text);

// Whether a block may be redrawn in place on standard error.
bool CanRedraw();

// Columns that a line takes on the screen: code points, colours left out.
size_t DisplayWidth(std::string_view text);
// At most `columns` wide; what was cut shows as "…". Never cuts inside a colour.
std::string Fit(std::string_view text, size_t columns);

std::string FormatCount(int64_t n);         // 1,234,567
std::string FormatRate(double per_second);  // 81.3k/s
std::string FormatBytes(int64_t bytes);     // 34.5 MB
std::string FormatDuration(int64_t ms);     // 18 ms, 4.2 s, 3 min 05 s, 2 h 14 min, 11 years
std::string FormatClock(int64_t ms);        // 00:42, 1:02:03
std::string FormatTimestamp(int64_t ms);    // 2015-07-15 00:12:33, UTC

}  // namespace castor::cli
