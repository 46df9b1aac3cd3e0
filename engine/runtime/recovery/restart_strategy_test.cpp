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
}

// ExponentialDelayRestartBackoffTimeStrategy.
TEST(RestartStrategy, JitterIsThatOfTheBackoffWithoutItsLimit) {
  EXPECT_EQ(Make({}, true, MostJitter)->OnFailure(0), 1100);
  auto strategy =
      Make({{"restart-strategy.exponential-delay.max-backoff", "2 s"}}, true, [] { return -1.0; });
  EXPECT_EQ(strategy->OnFailure(0), 1000);  // not less than the initial backoff
  EXPECT_EQ(strategy->OnFailure(5'000), 1350);
  EXPECT_EQ(strategy->OnFailure(10'000), 2000);  // 2250 less 225
  for (int i = 2; i < 2000; ++i) EXPECT_EQ(strategy->OnFailure(i * 10'000), 2000);
}

TEST(RestartStrategy, ExponentialDelayMayGiveUp) {
  auto strategy = Make({{"restart-strategy.exponential-delay.attempts-before-reset-backoff", "2"},
                        {"restart-strategy.exponential-delay.reset-backoff-threshold", "1 min"}});
  EXPECT_EQ(strategy->OnFailure(0), 1000);
  EXPECT_EQ(strategy->OnFailure(1000), 0);  // in the moment of the restart: not another attempt
  EXPECT_EQ(strategy->OnFailure(2000), 1500);
  EXPECT_EQ(strategy->OnFailure(70'000), 1000);  // reset
  EXPECT_EQ(strategy->OnFailure(80'000), 1500);
  EXPECT_FALSE(strategy->OnFailure(90'000).has_value());
}

TEST(RestartStrategy, OptionsOutOfRangeAreRefused) {
  const std::pair<const char*, const char*> wrong[] = {
      {"fixed-delay.attempts", "-1"},
      {"failure-rate.max-failures-per-interval", "0"},
      {"failure-rate.failure-rate-interval", "0 ms"},
      {"exponential-delay.backoff-multiplier", "1.0"},
      {"exponential-delay.jitter-factor", "1.5"},
      {"exponential-delay.attempts-before-reset-backoff", "0"},
      {"exponential-delay.max-backoff", "10 ms"},
  };
  for (const auto& [name, value] : wrong) {
    const std::string option = name;
    Configuration configuration;
    configuration.Set("restart-strategy.type", option.substr(0, option.find('.')));
    configuration.Set("restart-strategy." + option, value);
    EXPECT_EQ(MakeRestartStrategy(configuration, true, NoJitter).status().code(),
              StatusCode::kInvalidArgument)
        << option;
  }
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
