#include "gemini/tuning/separation_policy.h"

#include <gtest/gtest.h>

namespace castor::gemini {
namespace {

constexpr double kReadCost = 8192;

void Merge(SeparationPolicy* policy, uint32_t bytes, uint64_t values) {
  ValueSizes sizes;
  sizes.Add(bytes, values);
  policy->Merged(sizes);
}

TEST(SeparationPolicyTest, LargeValuesThatAreCopiedStandApart) {
  SeparationPolicy policy(0);
  Merge(&policy, 1000, 100'000);
  Merge(&policy, 20, 1'000'000);
  const auto decision = policy.Decide(kReadCost);
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(policy.separate_from(), 128u);
  EXPECT_NE(decision->find("128 bytes and more, before: none"), std::string::npos) << *decision;
}

TEST(SeparationPolicyTest, WhatIsReadMoreThanCopiedStandsWithItsKey) {
  SeparationPolicy policy(512);
  Merge(&policy, 1000, 100'000);
  Merge(&policy, 10'000, 10'000);
  for (int i = 0; i < 50'000; ++i) policy.Read(1000);
  ASSERT_TRUE(policy.Decide(kReadCost).has_value());
  EXPECT_EQ(policy.separate_from(), 1024u);
  for (int i = 0; i < 500'000; ++i) policy.Read(10'000);
  Merge(&policy, 10'000, 10'000);
  ASSERT_TRUE(policy.Decide(kReadCost).has_value());
  EXPECT_EQ(policy.separate_from(), 0u);
}

TEST(SeparationPolicyTest, WhatIsNearlyAsGoodChangesNothing) {
  for (const uint32_t before : {0u, 256u}) {
    SeparationPolicy policy(before);
    for (int round = 0; round < 10; ++round) {
      Merge(&policy, 600, 100'000);
      for (int i = 0; i < 9000; ++i) policy.Read(600);
      EXPECT_FALSE(policy.Decide(kReadCost).has_value());
    }
    EXPECT_EQ(policy.separate_from(), before);
  }
}

TEST(SeparationPolicyTest, NothingIsDecidedFromLittle) {
  SeparationPolicy policy(0);
  Merge(&policy, 1000, 10'000);
  EXPECT_FALSE(policy.Decide(kReadCost).has_value());
}

}  // namespace
}  // namespace castor::gemini
