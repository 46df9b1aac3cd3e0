#include "platform/api/marks.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(MarksTest, ARisingCountIsARestartOfTheJobOfThatTime) {
  std::vector<Mark> marks = {
      {100, "START", "a", 1, ""}, {400, "END", "a", 1, ""}, {410, "UPGRADE", "b", 2, ""}};
  // Another process counts anew, which is no restart.
  AddRestarts({0, 0, 2, std::nullopt, 2, 0, 1}, 100, 100, &marks);
  ASSERT_EQ(marks.size(), 5U);
  EXPECT_EQ(std::string(marks[1].kind), "RESTART");
  EXPECT_EQ(marks[1].time, 300);
  EXPECT_EQ(marks[1].job, "a");
  EXPECT_EQ(std::string(marks[4].kind), "RESTART");
  EXPECT_EQ(marks[4].time, 700);
  EXPECT_EQ(marks[4].job, "b");
  EXPECT_EQ(marks[4].version, 2);
}

}  // namespace
}  // namespace castor::platform
