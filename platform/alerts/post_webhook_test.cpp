#include "platform/alerts/post_webhook.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(PostWebhookTest, UrlsAreSplit) {
  const auto url = SplitUrl("https://example.com:8443/hooks/1?a=b#c");
  ASSERT_TRUE(url.ok()) << url.status().message();
  EXPECT_EQ(url->origin, "https://example.com:8443");
  EXPECT_EQ(url->path, "/hooks/1?a=b");
  EXPECT_EQ(SplitUrl("http://example.com")->path, "/");
  EXPECT_EQ(SplitUrl("http://example.com?a=b")->path, "/?a=b");
}

TEST(PostWebhookTest, OnlyWebAddressesAreTaken) {
  for (const char* url : {"", "example.com", "file:///etc/passwd", "ftp://example.com", "http://",
                          "https:///path", "http://me:word@example.com/", "http://a b/"}) {
    EXPECT_EQ(SplitUrl(url).status().code(), StatusCode::kInvalidArgument) << url;
  }
}

TEST(PostWebhookTest, ASecretWithALineEndIsNotSent) {
  const Status sent = PostWebhook("http://127.0.0.1:1/", {"Authorization", "a\r\nX: b"}, "{}");
  EXPECT_EQ(sent.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(sent.message().find("a\r\n"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
