#include "platform/api/label_selector.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

bool Selects(const char* selector) {
  const auto parsed = LabelSelector::Parse(selector);
  EXPECT_TRUE(parsed.ok()) << selector;
  return parsed.ok() && parsed->Selects({{"team", "ads"}, {"tier", "1"}});
}

TEST(LabelSelectorTest, AllTermsMustHold) {
  EXPECT_TRUE(Selects(""));
  EXPECT_TRUE(Selects("team"));
  EXPECT_TRUE(Selects("team=ads"));
  EXPECT_TRUE(Selects("team == ads, tier=1"));
  EXPECT_TRUE(Selects("team!=search"));
  EXPECT_TRUE(Selects("other!=x"));
  EXPECT_TRUE(Selects("!other"));
  EXPECT_FALSE(Selects("!team"));
  EXPECT_FALSE(Selects("other"));
  EXPECT_FALSE(Selects("team!=ads"));
  EXPECT_FALSE(Selects("team=ads,tier=2"));
}

TEST(LabelSelectorTest, RefusesWhatItDoesNotKnow) {
  for (const char* selector : {"team in (ads)", "=x", "a=b=c", ",", "!"}) {
    EXPECT_FALSE(LabelSelector::Parse(selector).ok()) << selector;
  }
}

}  // namespace
}  // namespace castor::platform
