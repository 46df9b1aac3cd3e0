#include "platform/metadata/placeholders.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

Result<std::string> Find(const std::string& name) {
  if (name == "topic") return std::string("bids");
  if (name == "nested") return std::string("${topic}");
  return Status::InvalidArgument("there is no variable " + name);
}

TEST(PlaceholdersTest, AreFilledIn) {
  for (const auto& [text, expected] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", ""},
           {"no placeholder, $1 and $", "no placeholder, $1 and $"},
           {"a ${topic} b ${topic}", "a bids b bids"},
           {"$${topic}", "${topic}"},
           {"costs $$5", "costs $$5"},
           // What is filled in is not looked at again.
           {"${nested}", "${topic}"}}) {
    const auto filled = FillIn(text, Find);
    ASSERT_TRUE(filled.ok()) << text;
    EXPECT_EQ(*filled, expected);
  }
}

TEST(PlaceholdersTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(FillIn("x ${other}", Find).status().message(), "there is no variable other");
  EXPECT_NE(FillIn("x ${topic", Find).status().message().find("has no }"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
