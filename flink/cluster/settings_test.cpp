#include "flink/cluster/settings.h"

#include <gtest/gtest.h>

namespace castor::flink {
namespace {

ClusterOptions Options() {
  ClusterOptions options;
  options.name = "my job";
  options.folder = "/d/flink";
  options.checkpoint_dir = "/d/checkpoints";
  options.parallelism = 3;
  return options;
}

TEST(SettingsTest, TheUsersStandOverTheUsual) {
  Program program;
  program.settings = {{"taskmanager.numberOfTaskSlots", "8"}, {"a", "b"}};
  const auto settings = MakeSettings(program, Options(), {.rest = 1, .rpc = 2});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->at("taskmanager.numberOfTaskSlots"), "8");
  EXPECT_EQ(settings->at("a"), "b");
  EXPECT_EQ(settings->at("parallelism.default"), "3");
  EXPECT_EQ(settings->at("rest.port"), "1");
  EXPECT_EQ(settings->at("rest.bind-address"), "127.0.0.1");
  EXPECT_EQ(settings->at("execution.checkpointing.dir"), "file:///d/checkpoints");
  EXPECT_FALSE(settings->contains("state.backend.type"));
}

TEST(SettingsTest, GeminiUnlessTheUserSaysOtherwise) {
  ClusterOptions options = Options();
  options.state_backend = "/d/gemini.jar";
  EXPECT_EQ(MakeSettings({}, options, {})->at("state.backend.type"), "gemini");
  Program program;
  program.settings = {{"state.backend.type", "hashmap"}};
  EXPECT_EQ(MakeSettings(program, options, {})->at("state.backend.type"), "hashmap");
}

TEST(SettingsTest, WhatIsThePlatformsIsRefusedByName) {
  Program program;
  program.settings = {{"rest.bind-address", "0.0.0.0"}};
  const auto settings = MakeSettings(program, Options(), {});
  ASSERT_FALSE(settings.ok());
  EXPECT_NE(settings.status().message().find("rest.bind-address"), std::string::npos);
}

TEST(SettingsTest, YamlKeepsWhatIsInAValue) {
  EXPECT_EQ(ToYaml({{"a.b", "x: \"y\" #z\n"}, {"c", "1s"}}),
            "\"a.b\": \"x: \\\"y\\\" #z\\n\"\n\"c\": \"1s\"\n");
}

TEST(SettingsTest, AnArgumentStaysOneWhateverIsInIt) {
  EXPECT_EQ(ToArgumentFile({"-cp", "a b\\c", "say \"x\"\ny"}),
            "\"-cp\"\n\"a b\\\\c\"\n\"say \\\"x\\\"\\ny\"\n");
}

TEST(SettingsTest, PathsAndUris) {
  EXPECT_EQ(ToUri("/a/b"), "file:///a/b");
  EXPECT_EQ(ToUri("s3://b/k"), "s3://b/k");
  EXPECT_EQ(ToPath("file:/a/b"), "/a/b");
  EXPECT_EQ(ToPath("file:///a/b"), "/a/b");
  EXPECT_EQ(ToPath("s3://b/k"), "s3://b/k");
}

}  // namespace
}  // namespace castor::flink
