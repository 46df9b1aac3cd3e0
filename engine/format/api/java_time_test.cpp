#include "format/api/java_time.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace castor::format {
namespace {

const LogicalType kType = LogicalType::Timestamp(9);

// Ticks, or "refused".
std::string Read(const std::string& text, TimestampStyle style = TimestampStyle::kSql,
                 const LogicalType& type = kType) {
  int64_t ticks;
  return ParseTimestamp(text, style, type, &ticks) ? std::to_string(ticks) : "refused";
}

TEST(JavaTimeTest, ReadsTimestamps) {
  const LogicalType millis = LogicalType::Timestamp(3);
  const auto read = [&](const std::string& text) {
    return Read(text, TimestampStyle::kSql, millis);
  };
  EXPECT_EQ(read("1970-01-01 00:00:00"), "0");
  EXPECT_EQ(read("2020-12-30 12:13:14.123"), "1609330394123");
  EXPECT_EQ(read("1969-12-31 23:59:59.999"), "-1");
  EXPECT_EQ(read("0000-03-01 00:00:00.001"), "-62162035199999");
  EXPECT_EQ(read("9999-12-31 23:59:59"), "253402300799000");
  EXPECT_EQ(read("2021-02-30 00:00:00"), read("2021-02-28 00:00:00"));
  EXPECT_EQ(read("2021-02-28 24:00:00"), read("2021-03-01 00:00:00"));
  for (const char* text :
       {"2021-13-01 00:00:00", "2021-00-01 00:00:00", "2021-01-32 00:00:00", "2021-01-00 00:00:00",
        "2021-01-01 24:00:01", "2021-01-01 00:60:00", "2021-01-01 00:00:60", "2021-01-01T00:00:00",
        "2021-01-01 00:00:00Z", "2021-01-01 00:00:00.12/", "2021-01-01 00:00",
        "2021/01-01 00:00:00", "2021-01-01 00:00:00,123", "202:-01-01 00:00:00",
        "2021-01-\xb1\xb1 00:00:00"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  EXPECT_EQ(Read("2262-04-11 23:47:16.854"), "9223372036854000000");
  EXPECT_EQ(Read("2262-04-11 23:47:16.855"), "refused");
}

TEST(JavaTimeTest, IsoStyleAndZones) {
  const TimestampStyle iso = TimestampStyle::kIso8601;
  const LogicalType zoned(TypeKind::kTimestampLtz, true, 3);
  EXPECT_EQ(Read("2020-12-30T12:13:14.123", iso), "1609330394123000000");
  EXPECT_EQ(Read("2020-12-30 12:13:14.123", iso), "refused");
  EXPECT_EQ(Read("2021-02-30T00:00:00", iso), "refused");
  EXPECT_EQ(Read("2020-12-30T12:13:14.123Z", iso, zoned), "1609330394123");
  EXPECT_EQ(Read("2020-12-30T12:13:14.123", iso, zoned), "refused");
  EXPECT_EQ(Read("2020-12-30 12:13:14Z", TimestampStyle::kSql, zoned), "1609330394000");
  EXPECT_EQ(Read("Z", TimestampStyle::kSql, zoned), "refused");
  EXPECT_EQ(Read("", TimestampStyle::kSql, zoned), "refused");
}

// The usual layouts are read in a way of their own: a further zero leads past it.
TEST(JavaTimeTest, UsualLayoutsReadAsOthers) {
  std::mt19937 random(7);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  for (int i = 0; i < 200'000; ++i) {
    char text[64];
    const int size =
        std::snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", below(10000), below(14),
                      below(33), below(25), below(61), below(61));
    std::string usual(text, static_cast<size_t>(size));
    std::string longer = ".0";
    if (i % 2 == 0) {
      usual += "." + std::to_string(1000 + below(1000)).substr(1);
      longer = "0";
    }
    if (i % 8 < 3) usual[random() % usual.size()] = static_cast<char>(random());
    EXPECT_EQ(Read(usual), Read(usual + longer)) << usual;
  }
}

}  // namespace
}  // namespace castor::format
