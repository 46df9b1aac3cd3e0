#include "platform/alerts/alert_conditions.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(AlertConditionsTest, GrowthIsCountedAcrossProcesses) {
  EXPECT_EQ(Growth({}), std::nullopt);
  EXPECT_EQ(Growth({std::nullopt, 3.0}), std::nullopt);
  EXPECT_EQ(Growth({3.0, std::nullopt, 3.0}), 0);
  EXPECT_EQ(Growth({3.0, 5.0, std::nullopt, 6.0}), 3);
  EXPECT_EQ(Growth({3.0, 0.0, 2.0}), 2);  // another process
  EXPECT_EQ(Growth({3.0, 1.0}), 1);
}

}  // namespace
}  // namespace castor::platform
