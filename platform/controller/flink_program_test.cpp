#include "platform/controller/flink_program.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Words = std::vector<std::string>;

TEST(FlinkProgramTest, ArgumentsAreDividedAsAShellDivides) {
  EXPECT_EQ(*SplitArguments(""), Words());
  EXPECT_EQ(*SplitArguments("  --rps  100 "), (Words{"--rps", "100"}));
  EXPECT_EQ(*SplitArguments(R"(--name 'a b' "c \"d\"" e\ f '')"),
            (Words{"--name", "a b", "c \"d\"", "e f", ""}));
  EXPECT_EQ(*SplitArguments(R"('a\')"), (Words{"a\\"}));
  EXPECT_FALSE(SplitArguments("--name 'a b").ok());
}

TEST(FlinkProgramTest, AProgramHasTheFilesOfItsArtifacts) {
  const std::string folder = testing::TempDir() + "flink-program-test";
  const auto artifacts = ArtifactStore::Open(folder);
  ASSERT_TRUE(artifacts.ok());
  Template of;
  of.kind = ArtifactKind::kJar;
  of.jar_uri = "artifact:job.jar";
  of.entry_class = "a.Main";
  of.arguments = "--x 1";
  of.task_manager_memory = "2g";
  of.configuration = {{"a", "b"}};
  const auto missing = MakeFlinkProgram(of, **artifacts, "default");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.status().message().find("artifact:job.jar"), std::string::npos);
  auto incoming = (*artifacts)->Begin();
  ASSERT_TRUE(incoming.ok() && incoming->Finish().ok());
  ASSERT_TRUE((*artifacts)->Keep(&*incoming, "default", "job.jar").ok());
  const auto made = MakeFlinkProgram(of, **artifacts, "default");
  ASSERT_TRUE(made.ok());
  const auto json = nlohmann::json::parse(*made);
  EXPECT_EQ(json["jars"], nlohmann::json::array({folder + "/default/job.jar"}));
  EXPECT_EQ(json["arguments"], (Words{"--x", "1"}));
  EXPECT_EQ(json["taskManagerMemory"], "2g");
  EXPECT_FALSE(json.contains("jobManagerMemory"));
  EXPECT_EQ(json["flinkConfiguration"]["a"], "b");
}

TEST(FlinkProgramTest, PythonIsRefusedByName) {
  const auto artifacts = ArtifactStore::Open(testing::TempDir() + "flink-program-test");
  Template of;
  of.kind = ArtifactKind::kPython;
  const auto made = MakeFlinkProgram(of, **artifacts, "default");
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.status().message().find("PYTHON"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
