// Who owns the snapshot that a job started from: claim modes, retention, and what is left on disk.
#include <gmock/gmock.h>

#include "runtime/job/checkpointed_job.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::Configure;
using test::ExpectedCounts;
using test::From;
using test::kCount;
using test::LeaveCheckpoint;
using test::RunJob;
using test::Snapshots;
using test::StartJob;
using test::TemporaryDirectory;
using test::TestJob;

TEST(Claim, WithoutItTheSnapshotStays) {
  for (const ClaimMode mode : {ClaimMode::kNoClaim, ClaimMode::kLegacy}) {
    TemporaryDirectory directory;
    TestJob job;
    Configure(&job, directory.path());
    const std::string left = LeaveCheckpoint(job);
    ASSERT_EQ(*RunJob(job, 3, From(left, mode)), Job::State::kFinished);
    EXPECT_THAT(Snapshots(directory.path()), testing::ElementsAre(left));
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));

    // The folder no longer means it: whoever went on from it has ended.
    const auto entries = [&] {
      return std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator());
    };
    const auto before = entries();
    const auto again = RunJob(job, 2, From(directory.path(), mode));
    EXPECT_EQ(entries(), before);
    EXPECT_EQ(again.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(again.status().message().find(left), std::string::npos) << again.status().message();
    EXPECT_TRUE(RunJob(job, 2, From(left, mode)).ok());
  }
}

TEST(Claim, WithItTheSnapshotGoesAndSoDoesItsFolder) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  const std::string left = LeaveCheckpoint(job);
  ASSERT_EQ(*RunJob(job, 1, From(left, ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_TRUE(fs::is_empty(directory.path()));
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

// As a supervisor does it: from the checkpoint directory, whatever has been left there.
TEST(Claim, ALineOfRunsLeavesOneSnapshot) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  LeaveCheckpoint(job);
  for (int i = 0; i < 3; ++i) {
    const std::string last = LeaveCheckpoint(job, From(directory.path(), ClaimMode::kClaim));
    EXPECT_THAT(Snapshots(directory.path()), testing::ElementsAre(last));
  }
  ASSERT_EQ(*RunJob(job, 2, From(directory.path(), ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_TRUE(fs::is_empty(directory.path()));
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

TEST(Claim, AClaimedSnapshotCountsAsRetained) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  const std::string left = LeaveCheckpoint(job);
  job.configuration.Set("execution.checkpointing.num-retained", "1000");
  LeaveCheckpoint(job, From(left, ClaimMode::kClaim));
  EXPECT_TRUE(fs::exists(left));
  EXPECT_GE(Snapshots(directory.path()).size(), 2u);
}

// A savepoint that is claimed is a checkpoint from then on; the folder it lies in is the user's.
TEST(Claim, ASavepointMayBeClaimed) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory / "checkpoints");
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string saves = directory / "saves";
  const std::string savepoint = (*running)->Savepoint(saves, true);
  ASSERT_EQ(*(*running)->end.get(), Job::State::kStopped);
  ASSERT_EQ(*RunJob(job, 2, From(savepoint, ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_TRUE(fs::is_empty(saves));
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, 10));
}

TEST(Claim, WithoutCheckpointsItGoesAtTheEnd) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  const std::string left = LeaveCheckpoint(job);
  job.configuration.Set("execution.checkpointing.interval", "0");
  ASSERT_EQ(*RunJob(job, 2, From(left, ClaimMode::kClaim)), Job::State::kFinished);
  EXPECT_FALSE(fs::exists(left));
}

TEST(Claim, AFailedJobKeepsWhatItClaimed) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  const std::string left = LeaveCheckpoint(job);
  job.configuration.Set("execution.checkpointing.interval", "1h");
  job.configuration.Set("restart-strategy.type", "none");
  job.fails = [] { return true; };
  EXPECT_FALSE(RunJob(job, 2, From(left, ClaimMode::kClaim)).ok());
  EXPECT_THAT(Snapshots(directory.path()), testing::ElementsAre(left));
}

TEST(Retention, TheLastOnesAreRetained) {
  TemporaryDirectory directory;
  TestJob job;
  Configure(&job, directory.path());
  job.configuration.Set("execution.checkpointing.num-retained", "3");
  job.configuration.Set("execution.checkpointing.externalized-checkpoint-retention",
                        "retain_on_cancellation");
  ASSERT_EQ(*RunJob(job, 2), Job::State::kFinished);
  EXPECT_EQ(Snapshots(directory.path()).size(), 3u);
}

TEST(RestoreOptions, AreReadUnderFlinksNames) {
  Configuration options;
  EXPECT_EQ(ReadRestoreOptions(options)->claim_mode, ClaimMode::kNoClaim);
  options.Set("execution.state-recovery.claim-mode", "claim");
  options.Set("execution.state-recovery.path", "/saves");
  options.Set("execution.state-recovery.ignore-unclaimed-state", "true");
  EXPECT_EQ(ReadRestoreOptions(options)->claim_mode, ClaimMode::kClaim);
  EXPECT_EQ(ReadRestoreOptions(options)->path, "/saves");
  EXPECT_TRUE(ReadRestoreOptions(options)->ignore_unclaimed_state);
  options.Set("execution.savepoint-restore-mode", "LEGACY");
  EXPECT_EQ(ReadRestoreOptions(options)->claim_mode, ClaimMode::kLegacy);
  options.Set("execution.savepoint-restore-mode", "BORROW");
  EXPECT_EQ(ReadRestoreOptions(options).status().message(),
            "option 'execution.savepoint-restore-mode': 'BORROW' is not one of NO_CLAIM, CLAIM, "
            "LEGACY");
}

}  // namespace
}  // namespace castor::runtime
