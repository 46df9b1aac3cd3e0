#include "platform/access/secret.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

class SecretTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(PrepareSecrets().ok()); }
};

TEST_F(SecretTest, SecretsAreLongAndOfTheirKind) {
  const std::string secret = NewSecret("castor_");
  EXPECT_EQ(secret.size(), 7u + 43u);
  EXPECT_TRUE(secret.starts_with("castor_"));
  EXPECT_NE(secret, NewSecret("castor_"));
  EXPECT_EQ(NewPassword().size(), 23u);
  EXPECT_NE(NewPassword(), NewPassword());
}

// They are kept: another hash would have everybody log in anew.
TEST_F(SecretTest, DigestsStayWhatTheyAre) {
  EXPECT_EQ(DigestOf(""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_NE(DigestOf("a"), DigestOf("b"));
  EXPECT_NE(CsrfTokenOf("a"), DigestOf("a"));
}

TEST_F(SecretTest, TextsAreTheSameOrNot) {
  EXPECT_TRUE(IsSame("abc", "abc"));
  EXPECT_TRUE(IsSame("", ""));
  EXPECT_FALSE(IsSame("abc", "abd"));
  EXPECT_FALSE(IsSame("abc", "ab"));
  EXPECT_FALSE(IsSame("abc", ""));
}

}  // namespace
}  // namespace castor::platform
