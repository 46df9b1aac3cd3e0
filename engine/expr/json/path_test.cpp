#include "expr/json/path.h"

#include <gtest/gtest.h>

namespace castor::expr::json {
namespace {

StatusCode CodeOf(std::string_view text) { return Path::Compile(text).status().code(); }

TEST(PathTest, SomeFiltersAndFunctionsAreRefused) {
  for (const std::string_view path :
       {"$[?(@.a =~ /[)]/)]", "$[?(@.a in [1, 2])]", "$[?(@.a == [1])]", "$[?(@.a == {})]",
        "$[?(@.* == 1)]", "$[?(@.a.length() > 1)]", "$[?(@.a == 'it\\'s')]", "$..[?(@.a == 1)]",
        "$[?(@.a)]", "$[?(!@.a)]", "$[?(@.a == true)]", "$.a.length()", "$.sum($.a, $.b)",
        "$['a'].max().b"}) {
    EXPECT_EQ(CodeOf(path), StatusCode::kUnsupported) << path;
  }
}

TEST(PathTest, PathsWhoseAnswerDependsOnRowsBeforeAreRefused) {
  for (const std::string_view path : {"$..*.a", "$..[*]['a']", "$.b..*.*"}) {
    EXPECT_EQ(CodeOf(path), StatusCode::kUnsupported) << path;
  }
  for (const std::string_view path : {"$..*.a.b", "$..*['a', 'b']", "$..*[0]", "$.*.a", "$..a.*"}) {
    EXPECT_TRUE(Path::Compile(path).ok()) << path;
  }
}

TEST(PathTest, BrokenPathsAreInvalidWhateverTheyAskFor) {
  for (const std::string_view path : {"$[?", "$[?]", "$[?(", "$[?(@.a == 1]", "$[?(@.a == 1)",
                                      "$[?(@.a == 1) x]", "$[?(@.a == ')]", "$[?(@.a)].b c",
                                      "$[?(@.a)][*", "$.length(", "$.a.sum(1, (2)", "$[?(@.a)]."}) {
    EXPECT_EQ(CodeOf(path), StatusCode::kInvalidArgument) << path;
  }
}

TEST(PathTest, TakesNamesNumbersWildcardsAndFilters) {
  for (const std::string_view path :
       {"$", "@.a", "a", "$.a['b', 'c']", "$..a", "$[*].a", "$[0, -1]", "$[1:]", "$[ 1:2 ]",
        "$['a']b.c", "$[?(@.a == 1)]", "$.a[ ? (@.b == ')') ].c"}) {
    EXPECT_TRUE(Path::Compile(path).ok()) << path;
  }
}

}  // namespace
}  // namespace castor::expr::json
