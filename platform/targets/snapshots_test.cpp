#include "platform/targets/snapshots.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace castor::platform {
namespace {

class SnapshotsTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Make(const std::string& name, bool complete) {
    const std::string path = folder_ + "/" + name;
    std::filesystem::create_directories(path);
    if (complete) std::ofstream(path + "/_metadata") << "x";
    return path;
  }

  const std::string folder_ = testing::TempDir() + "snapshots-" + std::to_string(::getpid()) + "-" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(SnapshotsTest, TheLatestCheckpointIsTheHighestCompleteOneOfAllRuns) {
  EXPECT_EQ(FindLatestCheckpoint(folder_), "");
  Make("run1/chk-9", true);
  const std::string latest = Make("run2/chk-10", true);
  Make("run1/chk-11", false);
  Make("run2/shared", true);
  Make("run2/chk-x", true);
  EXPECT_EQ(FindLatestCheckpoint(folder_), latest);
  EXPECT_EQ(FindLatestCheckpoint(folder_ + "/missing"), "");
}

TEST_F(SnapshotsTest, ASavepointCountsWhenItIsComplete) {
  Make("savepoint-1a", false);
  EXPECT_EQ(FindSavepoint(folder_), "");
  const std::string complete = Make("savepoint-2b", true);
  EXPECT_EQ(FindSavepoint(folder_), complete);
  EXPECT_TRUE(IsSnapshot(complete));
  EXPECT_FALSE(IsSnapshot(folder_));
}

TEST_F(SnapshotsTest, ThoseOfFlinkAreToldByHowTheyBegin) {
  const std::string native = Make("native", true);
  const std::string flink = Make("flink", false);
  std::ofstream(flink + "/_metadata", std::ios::binary) << "\x49\x60\x67\x2d and more";
  EXPECT_FALSE(IsFlinkSnapshot(native));
  EXPECT_TRUE(IsFlinkSnapshot(flink));
  EXPECT_FALSE(IsFlinkSnapshot(folder_ + "/nowhere"));
}

}  // namespace
}  // namespace castor::platform
