#include "cli/terminal/terminal.h"

#include <gtest/gtest.h>

namespace castor::cli {
namespace {

TEST(TerminalTest, Counts) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
  EXPECT_EQ(FormatCount(-1234), "-1,234");
  EXPECT_EQ(FormatCount(-123), "-123");
}

TEST(TerminalTest, RatesKeepThreeDigits) {
  EXPECT_EQ(FormatRate(0), "0.0/s");
  EXPECT_EQ(FormatRate(9.94), "9.9/s");
  EXPECT_EQ(FormatRate(9.96), "10/s");
  EXPECT_EQ(FormatRate(999.4), "999/s");
  EXPECT_EQ(FormatRate(999.6), "1.0k/s");
  EXPECT_EQ(FormatRate(81'300), "81.3k/s");
  EXPECT_EQ(FormatRate(812'000), "812k/s");
  EXPECT_EQ(FormatRate(8'120'000), "8.1M/s");
}

TEST(TerminalTest, Bytes) {
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1536), "1.5 KB");
  EXPECT_EQ(FormatBytes(int64_t{512} << 20), "512 MB");
  EXPECT_EQ(FormatBytes(int64_t{1023} << 20), "1.0 GB");
}

TEST(TerminalTest, Durations) {
  EXPECT_EQ(FormatDuration(18), "18 ms");
  EXPECT_EQ(FormatDuration(4'200), "4.2 s");
  EXPECT_EQ(FormatDuration(185'000), "3 min 05 s");
  EXPECT_EQ(FormatDuration(8'040'000), "2 h 14 min");
  EXPECT_EQ(FormatDuration(int64_t{3} * 86'400'000), "3 days");
  EXPECT_EQ(FormatDuration(int64_t{11} * 366 * 86'400'000), "11 years");
  EXPECT_EQ(FormatDuration(-18), "-18 ms");
  EXPECT_EQ(FormatClock(42'000), "00:42");
  EXPECT_EQ(FormatClock(3'723'000), "1:02:03");
}

TEST(TerminalTest, TimestampsAlsoBefore1970) {
  EXPECT_EQ(FormatTimestamp(1'436'918'553'000), "2015-07-15 00:02:33");
  EXPECT_EQ(FormatTimestamp(-1), "1969-12-31 23:59:59");
}

TEST(TerminalTest, FitCutsCharactersNotBytesNorColours) {
  const Style style(true);
  EXPECT_EQ(Fit("abc", 3), "abc");
  EXPECT_EQ(Fit("abcd", 3), "ab…");
  EXPECT_EQ(Fit("äöüß", 3), "äö…");
  EXPECT_EQ(DisplayWidth(style.Red("äb")), 2U);
  EXPECT_EQ(Fit(style.Red("abcd"), 3), "\x1b[1;31mab…\x1b[0m");
  EXPECT_EQ(Fit(style.Red("ab") + "cd", 3), "\x1b[1;31mab\x1b[0m…");
  EXPECT_EQ(Style(false).Red("ab"), "ab");
}

}  // namespace
}  // namespace castor::cli
