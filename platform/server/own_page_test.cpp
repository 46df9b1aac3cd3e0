#include "platform/server/own_page.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

bool May(std::map<std::string, std::string> headers, const OwnAddress& own = {}) {
  return !WhyForeign(
      {.method = "POST", .path = "/", .query = {}, .headers = std::move(headers), .body = {}}, own);
}

TEST(OwnPageTest, ProgramsAndOwnPagesMay) {
  EXPECT_TRUE(May({{"host", "127.0.0.1:8080"}}));
  EXPECT_TRUE(May({{"host", "localhost"}}));
  EXPECT_TRUE(May({{"host", "[::1]:8080"}}));
  EXPECT_TRUE(May({{"host", "localhost:8080"}, {"origin", "http://localhost:8080"}}));
}

TEST(OwnPageTest, OtherNamesMayNot) {
  EXPECT_FALSE(May({}));
  EXPECT_FALSE(May({{"host", ""}}));
  EXPECT_FALSE(May({{"host", "evil.example:8080"}}));
  EXPECT_FALSE(May({{"host", "localhost.evil.example"}}));
  EXPECT_FALSE(May({{"host", "127.0.0.1:8080:1"}}));
  EXPECT_FALSE(May({{"host", "[::1"}}));
}

TEST(OwnPageTest, PagesOfOtherSitesMayNot) {
  EXPECT_FALSE(May({{"host", "localhost:8080"}, {"origin", "http://localhost:9090"}}));
  EXPECT_FALSE(May({{"host", "localhost:8080"}, {"origin", "https://evil.example"}}));
  EXPECT_FALSE(May({{"host", "localhost:8080"}, {"origin", "null"}}));
}

TEST(OwnPageTest, WhoListensElsewhereHasAnyNameAndItsOwnPagesOnly) {
  const OwnAddress open = {.is_local = false, .is_encrypted = false};
  EXPECT_TRUE(May({{"host", "castor.example"}}, open));
  EXPECT_TRUE(May({{"host", "castor.example"}, {"origin", "http://castor.example"}}, open));
  EXPECT_TRUE(May({{"host", "castor.example"}, {"origin", "https://castor.example"}}, open));
  EXPECT_FALSE(May({{"host", "castor.example"}, {"origin", "https://evil.example"}}, open));
  const OwnAddress encrypted = {.is_local = false, .is_encrypted = true};
  EXPECT_TRUE(May({{"host", "castor.example"}, {"origin", "https://castor.example"}}, encrypted));
  EXPECT_FALSE(May({{"host", "castor.example"}, {"origin", "http://castor.example"}}, encrypted));
}

TEST(OwnPageTest, SaysWhatToDo) {
  const HttpRequest request = {
      .method = "GET", .path = "/", .query = {}, .headers = {{"host", "a:1"}}, .body = {}};
  EXPECT_EQ(WhyForeign(request, {}),
            "'a:1' is not a name of this server: ask for 127.0.0.1 or localhost, with its port, or "
            "have it --listen elsewhere");
}

}  // namespace
}  // namespace castor::platform
