#include "runtime/recovery/restart_strategy.h"

#include <gtest/gtest.h>

namespace castor::runtime {
namespace {

double NoJitter() { return 0.0; }
double MostJitter() { return 1.0; }

std::unique_ptr<RestartStrategy> Make(std::map<std::string, std::string> options,
                                      bool checkpointing = true, double (*jitter)() = NoJitter) {
  auto made = MakeRestartStrategy(Configuration(std::move(options)), checkpointing, jitter);
  EXPECT_TRUE(made.ok()) << made.status().ToString();
  return std::move(*made);
}

TEST(RestartStrategy, WithoutATypeItDependsOnCheckpoints) {
  EXPECT_FALSE(Make({}, false)->OnFailure(0).has_value());
  EXPECT_EQ(Make({}, true)->OnFailure(0), 1000);
}

TEST(RestartStrategy, FixedDelayCountsItsAttempts) {
  auto strategy = Make({{"restart-strategy.type", "fixed-delay"},
                        {"restart-strategy.fixed-delay.attempts", "2"},
                        {"restart-strategy.fixed-delay.delay", "3 s"}});
  EXPECT_EQ(strategy->OnFailure(0), 3000);
  EXPECT_EQ(strategy->OnFailure(1), 3000);
  EXPECT_FALSE(strategy->OnFailure(2).has_value());
}

TEST(RestartStrategy, FailureRateForgivesOldFailures) {
  auto strategy = Make({{"restart-strategy.type", "failure-rate"},
                        {"restart-strategy.failure-rate.max-failures-per-interval", "2"},
                        {"restart-strategy.failure-rate.failure-rate-interval", "10 s"}});
  EXPECT_EQ(strategy->OnFailure(0), 1000);
  EXPECT_EQ(strategy->OnFailure(5'000), 1000);
  EXPECT_EQ(strategy->OnFailure(11'000), 1000);  // the first was more than 10 s ago
  EXPECT_FALSE(strategy->OnFailure(12'000).has_value());
}

TEST(RestartStrategy, ExponentialDelayGrowsToItsLimitAndStartsAnew) {
  auto strategy = Make({{"restart-strategy.exponential-delay.max-backoff", "2 s"},
                        {"restart-strategy.exponential-delay.reset-backoff-threshold", "1 min"}});
  EXPECT_EQ(strategy->OnFailure(0), 1000);
  EXPECT_EQ(strategy->OnFailure(5'000), 1500);
  EXPECT_EQ(strategy->OnFailure(10'000), 2000);
  EXPECT_EQ(strategy->OnFailure(20'000), 2000);
  EXPECT_EQ(strategy->OnFailure(200'000), 1000);
  EXPECT_EQ(Make({}, true, MostJitter)->OnFailure(0), 1100);
}

TEST(RestartStrategy, RefusesUnknownTypes) {
  Configuration configuration;
  configuration.Set("restart-strategy.type", "often");
  const auto made = MakeRestartStrategy(configuration, true, NoJitter);
  EXPECT_EQ(made.status().code(), StatusCode::kInvalidArgument);
}

TEST(RestartStrategy, WhatWouldFailAgainIsNotRestarted) {
  EXPECT_FALSE(IsWorthRestarting(Status::DataError("")));
  EXPECT_FALSE(IsWorthRestarting(Status::NotFound("")));
  EXPECT_TRUE(IsWorthRestarting(Status::IoError("")));
}

}  // namespace
}  // namespace castor::runtime
