#include "platform/controller/flink_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Words = std::vector<std::string>;

class FlinkProgramTest : public testing::Test {
 protected:
  ~FlinkProgramTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = testing::TempDir() + "flink-program-" + std::to_string(::getpid());
  const std::unique_ptr<ArtifactStore> artifacts_ = ArtifactStore::Open(folder_).value();
};

TEST_F(FlinkProgramTest, ArgumentsAreDividedAsAShellDivides) {
  EXPECT_EQ(*SplitArguments(""), Words());
  EXPECT_EQ(*SplitArguments("  --rps  100 "), (Words{"--rps", "100"}));
  EXPECT_EQ(*SplitArguments(R"(--name 'a b' "c \"d\"" e\ f '')"),
            (Words{"--name", "a b", "c \"d\"", "e f", ""}));
  EXPECT_EQ(*SplitArguments(R"('a\')"), (Words{"a\\"}));
  EXPECT_FALSE(SplitArguments("--name 'a b").ok());
}

TEST_F(FlinkProgramTest, AProgramHasTheFilesOfItsArtifacts) {
  Template of;
  of.kind = ArtifactKind::kJar;
  of.jar_uri = "artifact:job.jar";
  of.entry_class = "a.Main";
  of.arguments = "--x 1";
  of.task_manager_memory = "2g";
  of.configuration = {{"a", "b"}};
  const auto missing = MakeFlinkProgram(of, *artifacts_, "default");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.status().message().find("artifact:job.jar"), std::string::npos);
  auto incoming = artifacts_->Begin();
  ASSERT_TRUE(incoming.ok() && incoming->Finish().ok());
  ASSERT_TRUE(artifacts_->Keep(&*incoming, "default", "job.jar").ok());
  const auto made = MakeFlinkProgram(of, *artifacts_, "default");
  ASSERT_TRUE(made.ok());
  const auto json = nlohmann::json::parse(*made);
  EXPECT_EQ(json["jars"], nlohmann::json::array({folder_ + "/default/job.jar"}));
  EXPECT_EQ(json["arguments"], (Words{"--x", "1"}));
  EXPECT_EQ(json["taskManagerMemory"], "2g");
  EXPECT_FALSE(json.contains("jobManagerMemory"));
  EXPECT_EQ(json["flinkConfiguration"]["a"], "b");
}

TEST_F(FlinkProgramTest, PythonIsRefusedByName) {
  Template of;
  of.kind = ArtifactKind::kPython;
  const auto made = MakeFlinkProgram(of, *artifacts_, "default");
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.status().message().find("PYTHON"), std::string::npos);
}

}  // namespace
}  // namespace castor::platform
