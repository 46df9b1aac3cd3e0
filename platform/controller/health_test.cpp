#include "platform/controller/health.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(HealthTest, AJobThatSavesItsStateIsWell) {
  Health health;
  for (int64_t i = 0; i < 100; ++i) {
    health.See(i * 1'000, {.restarts = 0, .completed_checkpoints = i, .failed_checkpoints = i});
    EXPECT_EQ(health.Problem(), "") << i;
  }
}

TEST(HealthTest, RestartsWithoutACheckpointBetweenAreALoop) {
  Health health;
  health.See(0, {});
  health.See(1'000, {.restarts = 2});
  EXPECT_EQ(health.Problem(), "");
  health.See(2'000, {.restarts = 3});
  EXPECT_EQ(health.Problem(), "the job has restarted 3 times without completing a checkpoint");
  health.See(3'000, {.restarts = 3, .completed_checkpoints = 1});
  EXPECT_EQ(health.Problem(), "");
}

TEST(HealthTest, WhatWasBeforeItLookedDoesNotCount) {
  Health health;
  health.See(0, {.restarts = 50, .failed_checkpoints = 50});
  EXPECT_EQ(health.Problem(), "");
  EXPECT_FALSE(health.IsSure());
  health.See(1, {.restarts = 50, .completed_checkpoints = 1, .failed_checkpoints = 50});
  EXPECT_TRUE(health.IsSure());
}

TEST(HealthTest, AJobWithoutCheckpointsIsWellInTime) {
  Health health;
  health.See(0, {});
  EXPECT_FALSE(health.IsSure());
  health.See(Health::kWindowMs + 1, {});
  EXPECT_TRUE(health.IsSure());
}

TEST(HealthTest, FailedCheckpointsInARow) {
  Health health;
  health.See(0, {.completed_checkpoints = 5, .failed_checkpoints = 1});
  health.See(1, {.completed_checkpoints = 5, .failed_checkpoints = 4});
  EXPECT_EQ(health.Problem(), "the last 3 checkpoints of the job have failed");
}

TEST(HealthTest, ManyRestartsAreForgottenInTime) {
  Health health;
  for (int64_t i = 0; i <= 10; ++i) {
    health.See(i, {.restarts = i, .completed_checkpoints = i});
  }
  EXPECT_EQ(health.Problem(), "the job has restarted 10 times or more in the last 10 minutes");
  health.See(Health::kWindowMs + 11, {.restarts = 10, .completed_checkpoints = 11});
  EXPECT_EQ(health.Problem(), "");
}

}  // namespace
}  // namespace castor::platform
