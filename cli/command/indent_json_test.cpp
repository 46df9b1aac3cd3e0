#include "cli/command/indent_json.h"

#include <gtest/gtest.h>

namespace castor::cli {
namespace {

TEST(IndentJsonTest, LeavesValuesAsTheyAre) {
  EXPECT_EQ(
      IndentJson(R"({"a":1.50,"b":[],"c":{},"d":["x, {y}: \"z\"\\",12345678901234567890123]})"),
      "{\n"
      "  \"a\": 1.50,\n"
      "  \"b\": [],\n"
      "  \"c\": {},\n"
      "  \"d\": [\n"
      "    \"x, {y}: \\\"z\\\"\\\\\",\n"
      "    12345678901234567890123\n"
      "  ]\n"
      "}\n");
}

}  // namespace
}  // namespace castor::cli
