#include "runtime/task/slow_steps.h"

#include <gtest/gtest.h>

#include <thread>

namespace castor::runtime {
namespace {

using std::chrono::milliseconds;

TEST(SlowSteps, AreToldOfWithTheLongestFirst) {
  std::vector<std::string> lines;
  const auto log = [&lines](const std::string& line) { lines.push_back(line); };
  Configuration configuration;
  auto none = MakeSlowSteps(configuration, "Scan (0)", {"Calc", "Sort"}, log);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, nullptr);

  configuration.Set("castor.slow-steps", "5ms");
  auto made = MakeSlowSteps(configuration, "Scan (0)", {"Calc", "Sort"}, log);
  ASSERT_TRUE(made.ok());
  SlowSteps& steps = **made;
  steps.Begin(SlowSteps::Time::now() - milliseconds(7));
  steps.Enter(SlowSteps::kInput);
  steps.Enter(0);
  steps.Enter(1);
  std::this_thread::sleep_for(milliseconds(6));
  steps.Enter(SlowSteps::kOutput);
  steps.End();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("slow: Scan (0): waited "), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("; Sort "), std::string::npos) << lines[0];
}

TEST(SlowSteps, TakeADurationOnly) {
  Configuration configuration;
  configuration.Set("castor.slow-steps", "long");
  EXPECT_FALSE(MakeSlowSteps(configuration, "Scan (0)", {}, nullptr).ok());
}

}  // namespace
}  // namespace castor::runtime
