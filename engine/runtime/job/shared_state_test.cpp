// Jobs whose stores keep state in files that snapshots share: what is on disk is what some snapshot
// needs, and every snapshot can be restored.
#include <gmock/gmock.h>

#include <fstream>
#include <random>

#include "runtime/job/file_job.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::ExpectedCounts;
using test::FileJob;
using test::From;
using test::kCount;
using test::LeaveCheckpoint;
using test::RunJob;
using test::Snapshots;
using test::StartJob;
using test::TemporaryDirectory;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The files that snapshots may share, and those that some snapshot lists.
std::set<std::string> SharedOnDisk(const std::string& directory) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().parent_path().filename() == "shared") found.insert(entry.path());
  }
  return found;
}
std::set<std::string> Listed(const std::vector<std::string>& snapshots) {
  std::set<std::string> listed;
  for (const std::string& snapshot : snapshots) {
    const auto metadata = ReadMetadata(io::LocalFileSystem(), snapshot);
    EXPECT_TRUE(metadata.ok()) << metadata.status().ToString();
    for (const state::StateFile& file : metadata->SharedFiles()) listed.insert(file.path);
  }
  return listed;
}
std::set<std::string> AllFiles(const std::string& directory) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) found.insert(entry.path());
  return found;
}

TEST(SharedState, EveryRowOnceWhateverFails) {
  std::mt19937 random(20260309);
  for (int round = 0; round < 4; ++round) {
    TemporaryDirectory directory;
    FileJob job(directory.path());
    job.configuration.Set("restart-strategy.type", "fixed-delay");
    job.configuration.Set("restart-strategy.fixed-delay.attempts", "1000");
    job.configuration.Set("restart-strategy.fixed-delay.delay", "1ms");
    std::atomic<int> failures{4};
    std::atomic<int64_t> calls{0};
    job.fails = [&] { return ++calls % 50 == 0 && failures.fetch_sub(1) > 0; };
    const auto end = RunJob(job, 1 + static_cast<int>(random() % 4));
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10)) << "round " << round;
    EXPECT_TRUE(fs::is_empty(directory.path()));
  }
}

TEST(SharedState, OnDiskIsWhatRetainedCheckpointsNeed) {
  TemporaryDirectory directory;
  FileJob job(directory.path());
  job.configuration.Set("execution.checkpointing.num-retained", "3");
  LeaveCheckpoint(job);
  EXPECT_THAT(SharedOnDisk(directory.path()), Not(IsEmpty()));
  EXPECT_EQ(SharedOnDisk(directory.path()), Listed(Snapshots(directory.path())));
}

TEST(SharedState, NoClaimNeedsNothingOfOthersAndLeavesThemAlone) {
  TemporaryDirectory old_directory, directory;
  FileJob job(old_directory.path());
  const std::string old = LeaveCheckpoint(job);
  const auto before = AllFiles(old_directory.path());
  job.configuration.Set("execution.checkpointing.dir", directory.path());
  const std::string left = LeaveCheckpoint(job, From(old, ClaimMode::kNoClaim));
  EXPECT_EQ(AllFiles(old_directory.path()), before);
  EXPECT_EQ(SharedOnDisk(directory.path()), Listed({left}));
  fs::remove_all(old);
  fs::remove_all(fs::path(old).parent_path() / "shared");
  ASSERT_EQ(*RunJob(job, 3, From(left, ClaimMode::kNoClaim)), Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

// Files of claimed runs stay as long as a checkpoint needs them, and so do the folders of the runs.
TEST(SharedState, ALineOfClaimsLeavesWhatTheLastNeeds) {
  TemporaryDirectory directory;
  FileJob job(directory.path());
  LeaveCheckpoint(job);
  std::string last;
  for (int i = 0; i < 3; ++i) {
    last = LeaveCheckpoint(job, From(directory.path(), ClaimMode::kClaim));
    EXPECT_THAT(Snapshots(directory.path()), testing::ElementsAre(last));
    EXPECT_EQ(SharedOnDisk(directory.path()), Listed({last}));
  }
  ASSERT_EQ(*RunJob(job, 2, From(directory.path(), ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_THAT(AllFiles(directory.path()), IsEmpty());
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

TEST(SharedState, WhatOtherSnapshotsNeedOfAClaimedRunStays) {
  TemporaryDirectory directory;
  FileJob job(directory.path());
  job.configuration.Set("execution.checkpointing.num-retained", "2");
  job.configuration.Set("execution.checkpointing.externalized-checkpoint-retention",
                        "RETAIN_ON_CANCELLATION");
  ASSERT_EQ(*RunJob(job, 2), Job::State::kFinished);
  job.configuration.Set("execution.checkpointing.externalized-checkpoint-retention",
                        "DELETE_ON_CANCELLATION");
  const std::vector<std::string> both = Snapshots(directory.path());
  ASSERT_EQ(both.size(), 2u);
  const std::string claimed = both[0], other = both[1];
  const std::string garbage = fs::path(claimed).parent_path() / "shared" / "op0-0-killed-0";
  std::ofstream(garbage) << "x";
  ASSERT_EQ(*RunJob(job, 2, From(claimed, ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_FALSE(fs::exists(claimed));
  EXPECT_FALSE(fs::exists(garbage));
  EXPECT_EQ(SharedOnDisk(directory.path()), Listed({other}));
  EXPECT_TRUE(RunJob(job, 1, From(other, ClaimMode::kNoClaim)).ok());
}

// Whatever the folder is called by: each file has one name for all snapshots that share it.
TEST(SharedState, ACheckpointDirectoryMayHaveSeveralNames) {
  TemporaryDirectory directory;
  fs::create_directory(directory / "a");
  fs::create_directory_symlink(directory / "a", directory / "b");
  FileJob job(directory / "a");
  job.configuration.Set("execution.checkpointing.num-retained", "3");
  LeaveCheckpoint(job);
  job.configuration.Set("execution.checkpointing.dir", directory / "b");
  LeaveCheckpoint(job, From(directory / "b/.", ClaimMode::kClaim));
  job.configuration.Set("execution.checkpointing.dir", directory / "a//");
  LeaveCheckpoint(job, From(directory / "b", ClaimMode::kClaim));
  EXPECT_EQ(SharedOnDisk(directory / "a"), Listed(Snapshots(directory / "a")));
  ASSERT_EQ(*RunJob(job, 2, From(directory / "a", ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
  EXPECT_TRUE(fs::is_empty(directory / "a"));
}

TEST(SharedState, AMovedCheckpointDirectoryRestores) {
  TemporaryDirectory directory;
  FileJob job(directory / "here");
  LeaveCheckpoint(job);
  fs::rename(directory / "here", directory / "there");
  ASSERT_EQ(*RunJob(job, 2, From(directory / "there", ClaimMode::kNoClaim)), Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

// Its files lie in it; those of the checkpoints before it go as ever.
TEST(SharedState, ANativeSavepointHoldsAllItNeeds) {
  TemporaryDirectory directory;
  FileJob job(directory / "checkpoints");
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string savepoint =
      (*running)->Savepoint(directory / "saves", true, false, state::SnapshotFormat::kNative);
  ASSERT_EQ(*(*running)->end.get(), Job::State::kStopped);
  EXPECT_TRUE(fs::is_empty(directory / "checkpoints"));
  const std::string moved = directory / "moved";
  fs::rename(savepoint, moved);
  EXPECT_THAT(Listed({moved}), testing::AllOf(Not(IsEmpty()), testing::Each(HasSubstr(moved))));
  // Claimed, it goes with the first checkpoint that follows, which needs nothing of it.
  const std::string left = LeaveCheckpoint(job, From(moved, ClaimMode::kClaim));
  EXPECT_FALSE(fs::exists(moved));
  EXPECT_EQ(SharedOnDisk(directory.path()), Listed({left}));
  ASSERT_EQ(*RunJob(job, 3, From(left, ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
  EXPECT_TRUE(fs::is_empty(directory / "checkpoints"));
}

// Bytes alone, whatever the store keeps its state in.
TEST(SharedState, ACanonicalSavepointHasNoFiles) {
  TemporaryDirectory directory;
  FileJob job(directory / "checkpoints");
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string savepoint = (*running)->Savepoint(directory / "saves", true);
  ASSERT_EQ(*(*running)->end.get(), Job::State::kStopped);
  EXPECT_THAT(Listed({savepoint}), IsEmpty());
  ASSERT_EQ(*RunJob(job, 3, From(savepoint, ClaimMode::kNoClaim)), Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

TEST(SharedState, AMissingOrShortFileIsNamed) {
  TemporaryDirectory directory;
  FileJob job(directory.path());
  const std::string left = LeaveCheckpoint(job);
  const std::string file = *Listed({left}).begin();
  fs::resize_file(file, fs::file_size(file) - 1);
  const Status is_short = RunJob(job, 2, From(left, ClaimMode::kNoClaim)).status();
  fs::remove(file);
  const Status missing = RunJob(job, 2, From(left, ClaimMode::kNoClaim)).status();
  for (const Status& status : {is_short, missing}) {
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_THAT(status.message(),
                testing::AllOf(HasSubstr(file), HasSubstr(left), HasSubstr("test-count")));
  }
  EXPECT_THAT(is_short.message(), HasSubstr("bytes instead of"));
  EXPECT_THAT(missing.message(), HasSubstr("is missing"));
}

TEST(SharedState, SizesTellWhatIsNewFromAllOfIt) {
  TemporaryDirectory directory;
  FileJob job(directory.path());
  job.scan().table.options["keys"] = "60000";
  auto running = StartJob(job, 1);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  ASSERT_EQ(*(*running)->end.get(), Job::State::kFinished);
  MetricGroup& metrics = (*running)->job->metrics().job();
  EXPECT_GT(metrics.Gauge("lastCheckpointSize")->Get(), 0);
  EXPECT_GE(metrics.Gauge("lastCheckpointFullSize")->Get(),
            metrics.Gauge("lastCheckpointSize")->Get());
}

}  // namespace
}  // namespace castor::runtime
