#include "platform/client/difference.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Json = nlohmann::json;

TEST(DifferenceTest, NothingIsNothing) {
  const Json json = {{"a", 1}, {"b", {{"c", "x"}}}};
  EXPECT_EQ(Difference(json, json), "");
}

TEST(DifferenceTest, NamesThePlace) {
  EXPECT_EQ(Difference({{"a", {{"b", 1}, {"c", "x"}}}}, {{"a", {{"b", 2}, {"d", true}}}}),
            "a.b:\n- 1\n+ 2\na.c:\n- x\na.d:\n+ true\n");
}

TEST(DifferenceTest, ComparesTextsByTheirLines) {
  EXPECT_EQ(Difference({{"sql", "one\ntwo\nthree\n"}}, {{"sql", "one\n2\nthree\n"}}),
            "sql:\n- two\n+ 2\n");
  EXPECT_EQ(Difference({{"sql", "one\n"}}, {{"sql", "one\ntwo\n"}}), "sql:\n+ two\n");
}

}  // namespace
}  // namespace castor::platform
