#include "platform/alerts/alert_state.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

std::optional<AlertRecord> Known(const char* state, int64_t since = 0) {
  AlertRecord alert;
  alert.state = state;
  alert.since = since;
  return alert;
}

TEST(AlertStateTest, FiresAtOnceUnlessItHasToHoldForSomeTime) {
  EXPECT_EQ(NextStep(std::nullopt, true, 100, 0), AlertStep::kFire);
  EXPECT_EQ(NextStep(std::nullopt, true, 100, 50), AlertStep::kPend);
  EXPECT_EQ(NextStep(Known("PENDING", 100), true, 149, 50), AlertStep::kNone);
  EXPECT_EQ(NextStep(Known("PENDING", 100), true, 150, 50), AlertStep::kFire);
}

TEST(AlertStateTest, WhatNeverFiredIsForgottenAndTheRestResolved) {
  EXPECT_EQ(NextStep(Known("PENDING"), false, 10, 50), AlertStep::kForget);
  EXPECT_EQ(NextStep(Known("FIRING"), false, 10, 50), AlertStep::kResolve);
  EXPECT_EQ(NextStep(Known("FIRING"), true, 1'000, 50), AlertStep::kNone);
  EXPECT_EQ(NextStep(Known("RESOLVED"), false, 10, 50), AlertStep::kNone);
  EXPECT_EQ(NextStep(Known("RESOLVED"), true, 10, 50), AlertStep::kPend);
}

TEST(AlertStateTest, WhatCannotBeToldChangesNothing) {
  for (const char* state : {"PENDING", "FIRING", "RESOLVED"}) {
    EXPECT_EQ(NextStep(Known(state), std::nullopt, 1'000, 0), AlertStep::kNone) << state;
  }
  EXPECT_EQ(NextStep(std::nullopt, std::nullopt, 1'000, 0), AlertStep::kNone);
}

}  // namespace
}  // namespace castor::platform
