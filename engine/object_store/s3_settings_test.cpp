#include "object_store/s3_settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace castor::object_store {
namespace {

using Values = std::map<std::string, std::string>;

std::string RefusalOf(const Values& values, StatusCode code = StatusCode::kInvalidArgument) {
  const auto settings = ReadS3Settings(Configuration(values));
  EXPECT_EQ(settings.status().code(), code) << settings.status().ToString();
  return settings.status().message();
}

TEST(S3SettingsTest, NothingIsNeededForS3Itself) {
  const auto settings = ReadS3Settings(Configuration(Values{{"parallelism.default", "2"}}));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint, "");
  EXPECT_EQ(settings->access_key, "");
  EXPECT_FALSE(settings->anonymous);
}

TEST(S3SettingsTest, AStoreOfOnesOwnUnderNewAndOldNames) {
  for (const Values& values : {Values{{"s3.endpoint", "http://host:9000/"},
                                      {"s3.access-key", "a"},
                                      {"s3.secret-key", "b"},
                                      {"s3.region", "here"},
                                      {"s3.path-style-access", "true"}},
                               Values{{"s3.endpoint", "http://host:9000"},
                                      {"s3.access.key", "a"},
                                      {"s3.secret.key", "b"},
                                      {"s3.region", "here"},
                                      {"s3.path.style.access", "false"}}}) {
    const auto settings = ReadS3Settings(Configuration(values));
    ASSERT_TRUE(settings.ok()) << settings.status().ToString();
    EXPECT_EQ(settings->endpoint_scheme, "http");
    EXPECT_EQ(settings->endpoint, "host:9000");
    EXPECT_EQ(settings->access_key, "a");
    EXPECT_EQ(settings->secret_key, "b");
    EXPECT_EQ(settings->region, "here");
  }
}

TEST(S3SettingsTest, AStoreOfOnesOwnNeedsNoRegion) {
  ::unsetenv("AWS_REGION");
  ::unsetenv("AWS_DEFAULT_REGION");
  const auto settings = ReadS3Settings(Configuration(Values{{"s3.endpoint", "host"}}));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint_scheme, "https");
  EXPECT_EQ(settings->region, "us-east-1");
}

TEST(S3SettingsTest, MistakesAreNamedAndSecretsAreNot) {
  EXPECT_NE(RefusalOf({{"s3.endpont", "x"}}).find("'s3.endpont'"), std::string::npos);
  EXPECT_EQ(RefusalOf({{"s3.secret-kee", "hush"}}).find("hush"), std::string::npos);
  EXPECT_NE(RefusalOf({{"s3.endpoint", "ftp://x"}}).find("'ftp://x'"), std::string::npos);
  EXPECT_NE(RefusalOf({{"s3.endpoint", "http://x/y"}}).find("'http://x/y'"), std::string::npos);
  EXPECT_NE(RefusalOf({{"s3.access-key", "x"}}).find("s3.secret-key"), std::string::npos);
  EXPECT_NE(
      RefusalOf(
          {{"s3.access-key", "x"}, {"s3.secret-key", "y"}, {"s3.anonymous-credentials", "true"}})
          .find("s3.anonymous-credentials"),
      std::string::npos);
  EXPECT_NE(RefusalOf({{"s3.path-style-access", "true"}}, StatusCode::kUnsupported)
                .find("s3.path-style-access"),
            std::string::npos);
}

TEST(S3SettingsTest, TheOptionsAreThoseOfTheSpecification) {
  std::ifstream file(CASTOR_S3_OPTIONS);
  const auto specification = nlohmann::json::parse(file);
  std::string all;
  for (const auto& option : specification.at("options")) {
    all += (all.empty() ? "" : ", ") + option.at("key").get<std::string>();
    for (const auto& key : option.value("fallbackKeys", nlohmann::json::array())) {
      const Status known =
          ReadS3Settings(Configuration(Values{{key.get<std::string>(), "true"}})).status();
      EXPECT_EQ(known.message().find("has no meaning"), std::string::npos) << known.ToString();
    }
  }
  const std::string refusal = RefusalOf({{"s3.none", "x"}});
  EXPECT_EQ(refusal.substr(refusal.find("There are: ")), "There are: " + all);
}

}  // namespace
}  // namespace castor::object_store
