#include "runtime/recovery/snapshot_search.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "runtime/checkpoint/run_end.h"
#include "runtime/checkpoint/snapshot_directory.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SnapshotSearch : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "castor-search-test-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  // A snapshot at root/`path`.
  void Take(const std::string& path, const std::string& run, int64_t id,
            std::vector<SnapshotName> ancestors = {}) {
    SnapshotMetadata metadata;
    metadata.id = id;
    metadata.kind = path.find("chk-") == std::string::npos ? "savepoint" : "checkpoint";
    metadata.job = "totals";
    metadata.run = run;
    metadata.ancestors = std::move(ancestors);
    metadata.time_ms = ++time_;
    auto directory = SnapshotDirectory::Create(files_, Path(path));
    ASSERT_TRUE(directory.ok() && (*directory)->Complete(metadata).ok());
  }
  std::string Path(const std::string& path) const { return root_ + "/" + path; }
  std::string Find(const std::string& path = "") {
    const auto found = FindSnapshot(files_, path.empty() ? root_ : Path(path));
    return found.ok() ? found->back().path.substr(root_.size() + 1) : found.status().ToString();
  }

  io::FileSystem& files_ = io::LocalFileSystem();
  std::string root_;
  int64_t time_ = 0;
};

TEST_F(SnapshotSearch, ASnapshotMeansItself) {
  Take("a/chk-1", "a", 1);
  Take("a/chk-2", "a", 2);
  EXPECT_EQ(Find("a/chk-1"), "a/chk-1");
}

TEST_F(SnapshotSearch, ARunMeansItsLatest) {
  for (const int64_t id : {9, 10, 11}) Take("a/chk-" + std::to_string(id), "a", id);
  fs::create_directories(Path("a/chk-12"));  // not completed
  EXPECT_EQ(Find("a"), "a/chk-11");
  EXPECT_EQ(Find(), "a/chk-11");
  const auto found = FindSnapshot(files_, root_);
  std::vector<std::string> line;
  for (const LocatedSnapshot& each : *found) line.push_back(each.path);
  EXPECT_THAT(line, ElementsAre(Path("a/chk-9"), Path("a/chk-10"), Path("a/chk-11")));
  EXPECT_EQ(found->back().metadata.id, 11);
}

TEST_F(SnapshotSearch, RunsThatWentOnFromEachOtherAreOneLine) {
  Take("a/chk-3", "a", 3);
  Take("b/chk-5", "b", 5, {{"a", 4}});  // from one that is deleted, and later than 3
  Take("c/chk-8", "c", 8, {{"lost", 7}, {"b", 6}, {"a", 4}});
  EXPECT_EQ(Find(), "c/chk-8");
}

TEST_F(SnapshotSearch, SavepointsOfOneRunAreOneLine) {
  Take("savepoint-1", "a", 4);
  Take("savepoint-2", "b", 6, {{"a", 4}});
  EXPECT_EQ(Find(), "savepoint-2");
}

TEST_F(SnapshotSearch, AForkIsRefusedAndNamed) {
  Take("a/chk-3", "a", 3);
  Take("b/chk-5", "b", 5, {{"a", 3}});
  Take("c/chk-4", "c", 4, {{"a", 3}});
  EXPECT_THAT(Find(), AllOf(HasSubstr("name the one"), HasSubstr(Path("b/chk-5")),
                            HasSubstr(Path("c/chk-4")), HasSubstr("checkpoint of 'totals'"),
                            Not(HasSubstr(Path("a/chk-3")))));
  // The run that others went on from has gone on itself.
  Take("a/chk-4", "a", 4);
  EXPECT_THAT(Find(), HasSubstr(Path("a/chk-4")));
}

TEST_F(SnapshotSearch, UnrelatedRunsAreRefused) {
  Take("a/chk-3", "a", 3);
  Take("b/chk-5", "b", 5);
  EXPECT_THAT(Find(), AllOf(HasSubstr(Path("a/chk-3")), HasSubstr(Path("b/chk-5"))));
}

// The run that went on has ended and deleted its checkpoints: starting again would double its
// results.
TEST_F(SnapshotSearch, WhatAnEndedRunWentOnFromMustBeNamed) {
  Take("a/chk-3", "a", 3);
  fs::create_directories(Path("b"));
  ASSERT_TRUE(WriteRunEnd(files_, Path("b"), {"b", {{"a", 3}}}).ok());
  EXPECT_THAT(Find(), AllOf(HasSubstr("has ended"), HasSubstr(Path("a/chk-3"))));
  EXPECT_EQ(Find("a/chk-3"), "a/chk-3");
  // Killed while it deleted its own.
  Take("b/chk-4", "b", 4, {{"a", 3}});
  EXPECT_THAT(Find(), HasSubstr("has ended"));
  Take("a/chk-5", "a", 5);
  EXPECT_EQ(Find(), "a/chk-5");
}

TEST_F(SnapshotSearch, NothingIsFoundInNothing) {
  EXPECT_THAT(Find("nowhere"), HasSubstr("no such directory"));
  EXPECT_THAT(Find(), HasSubstr("neither it nor a folder in it"));
}

}  // namespace
}  // namespace castor::runtime
