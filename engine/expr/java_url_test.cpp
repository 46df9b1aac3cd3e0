// What test/golden cannot ask Flink about: URLs that Java can take apart and we cannot.
#include "expr/java_url.h"

#include <gtest/gtest.h>

#include "expr/testing.h"

namespace castor::expr {
namespace {

std::string PathOf(std::string_view url) {
  return testing::EvaluateOne(testing::Call(
      "PARSE_URL", "STRING", {testing::Lit(url, "STRING"), testing::Lit("PATH", "STRING")}));
}

TEST(JavaUrlTest, ProtocolIsTakenOffInLowerCase) {
  std::string_view text = " url:HTTP://Host/p ";
  EXPECT_EQ(JavaUrl::TakeProtocol(&text), "http");
  EXPECT_EQ(text, "//Host/p");
  std::string_view path = "/a:b";
  EXPECT_EQ(JavaUrl::TakeProtocol(&path), "");
}

TEST(JavaUrlTest, ParseUrlRefusesProtocolsOfOtherRulesByName) {
  for (const char* url : {"mailto:a@b", "jar:file:/a.jar!/b", "JRT:/java.base", "jmod:/x"}) {
    EXPECT_NE(PathOf(url).find("are not supported"), std::string::npos) << url;
  }
  EXPECT_EQ(PathOf("gopher://h/p"), "NULL");
}

}  // namespace
}  // namespace castor::expr
