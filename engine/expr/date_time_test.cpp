#include "expr/date_time.h"

#include <gtest/gtest.h>

#include <random>

namespace castor::expr {
namespace {

void ExpectSame(int64_t days) {
  const CivilDate date = CivilFromDays(days);
  const CivilDate any = date_time_internal::CivilFromAnyDay(days);
  EXPECT_TRUE(date.year == any.year && date.month == any.month && date.day == any.day) << days;
  EXPECT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
}

TEST(CivilFromDaysTest, EveryDayOfEightCenturies) {
  for (int64_t days = -150'000; days < 150'000; ++days) ExpectSame(days);
}

TEST(CivilFromDaysTest, AnyDay) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 200'000; ++i) ExpectSame(static_cast<int32_t>(random()));
  for (const int64_t bound : {-536'000'000, 536'000'000}) {
    for (int64_t days = bound - 1000; days <= bound + 1000; ++days) ExpectSame(days);
  }
}

TEST(UnixDateTest, IsTheDayOfTheCalendarFromTheYear4800BeforeOnAndTakesMonthsBeyondTheYear) {
  for (const int32_t year : {-4799, -1, 0, 1582, 1969, 2024}) {
    for (int32_t month = 1; month <= 12; ++month) {
      EXPECT_EQ(UnixDate(year, month, 3), DaysFromCivil(year, month, 3)) << year << "-" << month;
    }
    EXPECT_EQ(UnixDate(year, 13, 1), DaysFromCivil(year + 1, 1, 1));
  }
  EXPECT_NE(UnixDate(-242955, 7, 18), DaysFromCivil(-242955, 7, 18))
      << "as Flink's rounding has it";
}

}  // namespace
}  // namespace castor::expr
