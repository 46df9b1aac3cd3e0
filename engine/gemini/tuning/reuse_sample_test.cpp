#include "gemini/tuning/reuse_sample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace castor::gemini {
namespace {

constexpr int64_t kBytes = 100;  // of anything

// Things leave one after the other and are wanted `later` others after that, or never.
void Pass(ReuseSample* sample, uint32_t things, uint32_t later) {
  for (uint32_t i = 0; i < things; ++i) {
    if (sample->Samples(i)) sample->Left(i);
    sample->Passed(kBytes);
    if (later > 0 && i >= later && sample->Samples(i - later)) sample->Wanted(i - later);
  }
}

TEST(ReuseSampleTest, TellsWhatMoreRoomWouldHaveSpared) {
  ReuseSample sample;
  Pass(&sample, 100'000, 2000);
  EXPECT_EQ(sample.ReadsWithin(1000 * kBytes), 0);
  EXPECT_NEAR(sample.ReadsWithin(4000 * kBytes), 98'000, 10'000);
  sample.Age();
  EXPECT_NEAR(sample.ReadsWithin(4000 * kBytes), 49'000, 5'000);
}

// More than it remembers: it samples less, and counts that for more.
TEST(ReuseSampleTest, LongDistancesAreSampledLess) {
  ReuseSample sample;
  Pass(&sample, 2'000'000, 300'000);
  EXPECT_NEAR(sample.ReadsWithin(600'000 * kBytes), 1'700'000, 300'000);
  EXPECT_LT(sample.ReadsWithin(150'000 * kBytes), 100'000);
}

// What has left long ago makes no room for less.
TEST(ReuseSampleTest, WhatLeftBeforeTheHorizonIsForgotten) {
  ReuseSample sample;
  sample.SetHorizon(10'000 * kBytes);
  Pass(&sample, 1'000'000, 0);
  sample.Age();
  Pass(&sample, 1'000'000, 2000);
  EXPECT_NEAR(sample.ReadsWithin(4000 * kBytes), 998'000, 100'000);
}

TEST(ReuseSampleTest, WhatIsNeverWantedAgainWouldNotHaveBeenSpared) {
  ReuseSample sample;
  Pass(&sample, 1'000'000, 0);
  EXPECT_EQ(sample.ReadsWithin(INT64_MAX / 4), 0);
}

TEST(ReuseSampleTest, PartsOfAClassCountInProportion) {
  ReuseSample sample;
  std::mt19937 random(1);
  for (uint32_t i = 0; i < 200'000; ++i) {
    if (!sample.Samples(i)) continue;
    sample.Left(i);
    sample.Passed(random() % 1000);
    sample.Wanted(i);
  }
  const double all = sample.ReadsWithin(1 << 20);
  EXPECT_GT(all, 100'000);
  for (const int64_t bytes : {100, 300, 500, 900}) {
    EXPECT_NEAR(sample.ReadsWithin(bytes) / all, static_cast<double>(bytes) / 1000, 0.02);
  }
}

}  // namespace
}  // namespace castor::gemini
