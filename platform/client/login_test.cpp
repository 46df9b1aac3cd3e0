#include "platform/client/login.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(LoginTest, TheLocalTokenIsForThisMachineOnly) {
  EXPECT_EQ(LocalPort("http://127.0.0.1:8080"), 8080);
  EXPECT_EQ(LocalPort("http://localhost:1/"), 1);
  EXPECT_EQ(LocalPort("https://[::1]:8443"), 8443);
  EXPECT_EQ(LocalPort("https://localhost"), 443);
  EXPECT_EQ(LocalPort("localhost"), 80);
  for (const char* away : {"http://localhost.evil.example:8080", "http://127.0.0.1.evil.example",
                           "http://10.0.0.1:8080", "http://127.0.0.1:80@evil.example:8080",
                           "http://evil.example/127.0.0.1:8080", ""}) {
    EXPECT_EQ(LocalPort(away), 0) << away;
  }
}

TEST(LoginTest, ADataDirectoryAndAServerElsewhereDoNotGoTogether) {
  const auto token =
      FindToken({.data_dir = "/nowhere", .token_file = {}}, "http://evil.example:8080");
  ASSERT_FALSE(token.ok());
  EXPECT_NE(token.status().message().find("--token-file"), std::string::npos);
}

TEST(LoginTest, AFileThatIsNotThereIsNamed) {
  const auto token = FindToken({.data_dir = {}, .token_file = "/nowhere/token"}, "");
  ASSERT_FALSE(token.ok());
  EXPECT_NE(token.status().message().find("/nowhere/token"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
