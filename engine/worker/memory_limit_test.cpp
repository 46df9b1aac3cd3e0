#include "worker/memory_limit.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/memory.h"

namespace castor::worker {
namespace {

constexpr int64_t kMiB = 1 << 20;

// What state may take where the options say so.
int64_t StateOf(std::map<std::string, std::string> values) {
  const int64_t before = MemoryAccount::Process().used();
  const Status limited = LimitMemory(Configuration(std::move(values)));
  EXPECT_TRUE(limited.ok()) << limited.ToString();
  const int64_t state = MemoryAccount::State().limit();
  MemoryAccount::Process().Release(MemoryAccount::Process().used() - before);
  MemoryAccount::Process().set_limit(MemoryAccount::kUnlimited);
  MemoryAccount::State().set_limit(MemoryAccount::kUnlimited);
  return state;
}

const std::string kGemini = "state.backend.gemini.";

TEST(MemoryLimitTest, StateMayTakeWhatTheProcessLeavesIt) {
  EXPECT_EQ(StateOf({}), MemoryAccount::kUnlimited);
  EXPECT_EQ(StateOf({{"castor.memory", "64mb"}}), 40 * kMiB);
  EXPECT_EQ(StateOf({{"castor.memory", "64mb"}, {kGemini + "memory.managed", "true"}}), 40 * kMiB);
  EXPECT_EQ(StateOf({{"castor.memory", "64mb"}, {"castor.memory.state", "1mb"}}), kMiB);
}

TEST(MemoryLimitTest, OrWhatItsOwnOptionsSay) {
  const std::map<std::string, std::string> said = {{kGemini + "memory.managed", "false"},
                                                   {kGemini + "offheap.size", "20mb"},
                                                   {kGemini + "total.writebuffer.size", "4mb"}};
  EXPECT_EQ(StateOf(said), 24 * kMiB);
  auto and_less = said;
  and_less["castor.memory.state"] = "1mb";
  EXPECT_EQ(StateOf(and_less), kMiB);
  // The process has its figure all the same.
  auto and_more = said;
  and_more["castor.memory"] = "32mb";
  EXPECT_EQ(StateOf(and_more), 12 * kMiB);
}

TEST(MemoryLimitTest, WhatCannotBeIsRefused) {
  const std::map<std::string, std::string> wrong = {{"castor.memory", "20mb"},
                                                    {kGemini + "memory.managed", "false"}};
  for (const auto& [key, value] : wrong) {
    Configuration configuration;
    configuration.Set(key, value);
    const Status refused = LimitMemory(configuration);
    EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
    EXPECT_NE(refused.message().find(key), std::string::npos) << refused.message();
  }
}

}  // namespace
}  // namespace castor::worker
