#include "flink/state-backend/native/group_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace castor::flink {
namespace {

TEST(GroupHash, SaysTheGroupThatItWasGiven) {
  for (const uint32_t groups : {1u, 2u, 3u, 10u, 127u, 128u, 4096u, 32768u}) {
    const GroupHash hash(groups);
    for (uint32_t group = 0; group < groups; ++group) {
      for (int key = 0; key < 5; ++key) {
        ASSERT_EQ(GroupHash::GroupOf(hash.Of(group, std::to_string(key)), groups), group);
      }
    }
  }
}

TEST(GroupHash, SpreadsTheKeysOfAGroup) {
  const GroupHash hash(128);
  std::set<uint32_t> seen;
  for (int key = 0; key < 100'000; ++key) seen.insert(hash.Of(77, std::to_string(key)));
  EXPECT_GT(seen.size(), 99'000u);
}

}  // namespace
}  // namespace castor::flink
