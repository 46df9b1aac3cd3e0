#include "connector/filesystem/partition_commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace castor::connector::filesystem {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kHour = 3'600'000;

TEST(PartitionCommitTest, TimeOfAPartition) {
  PartitionCommitOptions options;
  options.time_zone = "UTC";
  EXPECT_EQ(*options.PartitionTime("dt=1970-01-02/hh=7/"), 24 * kHour);
  EXPECT_EQ(*options.PartitionTime("dt=1970-1-1 01%3A00%3A00.5/"), kHour + 500);
  options.pattern = "$year-$month-$day $hour:00:00";
  EXPECT_EQ(*options.PartitionTime("year=1970/month=1/day=1/hour=2/"), 2 * kHour);
  options.time_zone = "GMT-08:00";
  EXPECT_EQ(*options.PartitionTime("year=1970/month=1/day=1/hour=2/"), 10 * kHour);
  options.time_zone = "Asia/Tokyo";
  EXPECT_EQ(*options.PartitionTime("year=1970/month=13/day=1/hour=9/"), 365 * 24 * kHour);
  const auto wrong = options.PartitionTime("year=x/month=1/day=1/hour=2/");
  EXPECT_THAT(wrong.status().message(), HasSubstr("'x-1-1 2:00:00' is no timestamp"));
}

TEST(PartitionCommitTest, DueByTheClockOrTheWatermark) {
  PartitionCommitOptions options;
  options.time_zone = "UTC";
  EXPECT_TRUE(*options.IsDue("dt=x/", 10, kMinTimestamp, 10));
  options.delay_ms = 5;
  EXPECT_FALSE(*options.IsDue("dt=x/", 10, kMaxWatermark, 15));
  EXPECT_TRUE(*options.IsDue("dt=x/", 10, kMinTimestamp, 16));
  options.by_partition_time = true;
  EXPECT_FALSE(*options.IsDue("dt=1970-01-01/", 0, 5, 100));
  EXPECT_TRUE(*options.IsDue("dt=1970-01-01/", 0, 6, 0));
}

TEST(PartitionCommitTest, ReportsAreRead) {
  const PartitionReport report{1, 4, 77, {{"a=1/", 5}}, {"a=1/"}};
  PartitionReport read;
  ASSERT_TRUE(PartitionReport::FromText(report.ToText(), &read));
  EXPECT_EQ(read.subtask, 1);
  EXPECT_EQ(read.parallelism, 4);
  EXPECT_EQ(read.watermark, 77);
  EXPECT_EQ(read.pending, report.pending);
  EXPECT_EQ(read.open, report.open);
  EXPECT_FALSE(PartitionReport::FromText("{\"directory\": \"d\"}", &read));
  EXPECT_FALSE(PartitionReport::FromText(R"({"partitions": {}, "subtask": "1"})", &read));
}

}  // namespace
}  // namespace castor::connector::filesystem
