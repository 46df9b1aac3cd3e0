#include "platform/api/caller.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

HttpRequest With(std::map<std::string, std::string> headers, std::string from = "127.0.0.1") {
  return {.method = "GET",
          .path = "/",
          .query = {},
          .headers = std::move(headers),
          .body = {},
          .remote_address = std::move(from)};
}

TEST(CallerTest, TheCookieOfThisPortIsFoundAmongOthers) {
  const auto request = With({{"host", "localhost:8080"},
                             {"cookie",
                              "castor_session_9090=no; xcastor_session_8080=no; "
                              "castor_session_8080=yes; castor_session=no"}});
  EXPECT_EQ(ReadCredentials(request).session, "yes");
  EXPECT_EQ(ReadCredentials(With({{"host", "a"}, {"cookie", "castor_session=x"}})).session, "x");
  EXPECT_EQ(ReadCredentials(With({{"host", "a"}, {"cookie", "castor_session"}})).session, "");
  EXPECT_EQ(ReadCredentials(With({{"host", "a"}, {"cookie", ";;"}})).session, "");
}

TEST(CallerTest, TokensAreThoseOfABearer) {
  EXPECT_EQ(ReadCredentials(With({{"authorization", "Bearer abc"}})).token, "abc");
  EXPECT_EQ(ReadCredentials(With({{"authorization", "Basic abc"}})).token, "");
}

TEST(CallerTest, WhatAProxyHandsOnIsNotNear) {
  EXPECT_TRUE(IsNear(With({{"host", "localhost:1"}})));
  EXPECT_TRUE(IsNear(With({{"host", "[::1]:1"}}, "::1")));
  EXPECT_FALSE(IsNear(With({{"host", "localhost:1"}}, "10.0.0.1")));
  EXPECT_FALSE(IsNear(With({{"host", "localhost:1"}}, "")));
  EXPECT_FALSE(IsNear(With({{"host", "evil.example"}})));
  EXPECT_FALSE(IsNear(With({{"host", "localhost:1"}, {"x-forwarded-for", "10.0.0.1"}})));
  EXPECT_FALSE(IsNear(With({{"host", "localhost:1"}, {"forwarded", "for=10.0.0.1"}})));
}

TEST(CallerTest, CookiesAreForBrowsersOfThisServerAlone) {
  Caller caller;
  caller.cookie = "castor_session_8080";
  EXPECT_EQ(SessionCookie(caller, "s", 60),
            "castor_session_8080=s; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
  caller.is_secure = true;
  EXPECT_TRUE(SessionCookie(caller, "", 0).ends_with("; Secure"));
}

}  // namespace
}  // namespace castor::platform
