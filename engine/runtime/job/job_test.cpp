#include "runtime/job/job.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "runtime/job/running_job.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::ExpectedCounts;
using test::From;
using test::RunJob;
using test::StartJob;
using test::TemporaryDirectory;
using test::TestJob;

TEST(Job, RunsOneChainToItsEnd) {
  TestJob job(false);
  job.scan().table.options["count"] = "5000";
  const auto end = RunJob(job, 1);
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(*end, Job::State::kFinished);
  EXPECT_EQ(job.committed.size(), 5000u);
  EXPECT_EQ(job.committed.finished, 1);
}

TEST(Job, CountsByKeyAtAnyParallelism) {
  for (const int parallelism : {1, 2, 5}) {
    TestJob job;
    job.scan().table.options["count"] = "20000";
    job.scan().table.options["keys"] = "37";
    const auto end = RunJob(job, parallelism);
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(20000, 37)) << parallelism;
  }
}

TEST(Job, RefusesANodeWithoutOperatorByName) {
  TestJob job(false);
  job.bundle.graph.nodes.back()->type = "stream-exec-match";
  const auto end = RunJob(job, 1);
  EXPECT_EQ(end.status().code(), StatusCode::kUnsupported);
  EXPECT_NE(end.status().message().find("stream-exec-match"), std::string::npos);
}

TEST(Job, AFailureWithoutCheckpointsIsFinal) {
  TestJob job;
  job.fails = [] { return true; };
  const auto end = RunJob(job, 2);
  EXPECT_EQ(end.status().code(), StatusCode::kIoError);
  EXPECT_NE(end.status().message().find("test-count"), std::string::npos);
  EXPECT_EQ(job.committed.size(), 0u);
}

TEST(Job, StopsWithASavepointAndGoesOnAtAnotherParallelism) {
  TemporaryDirectory directory;
  TestJob job;
  job.scan().table.options["count"] = "300000";
  job.scan().table.options["slow"] = "1";
  job.scan().table.options["keys"] = "101";
  std::string from;
  for (const int parallelism : {2, 3, 1, 4}) {
    auto running = StartJob(job, parallelism, From(from));
    ASSERT_TRUE(running.ok()) << running.status().ToString();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    from = (*running)->Savepoint(directory.path(), true);
    const auto end = (*running)->end.get();
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(*end, Job::State::kStopped);
  }
  job.scan().table.options["slow"] = "0";
  const auto end = RunJob(job, 2, From(from));
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(*end, Job::State::kFinished);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(300000, 101));
}

TEST(Job, ASavepointOfARunningJobDisturbsNothing) {
  TemporaryDirectory directory;
  TestJob job;
  job.scan().table.options["count"] = "200000";
  job.scan().table.options["slow"] = "1";
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string savepoint = (*running)->Savepoint(directory.path(), false);
  EXPECT_TRUE((*running)->end.get().ok());
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(200000, 10));
  // What was written before the savepoint is committed again, and that must change nothing.
  job.committed.rows.clear();
  job.committed.committables.clear();
  const auto again = RunJob(job, 3, From(savepoint));
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(200000, 10));
}

TEST(Job, DrainEndsTheInputBeforeTheSavepoint) {
  TemporaryDirectory directory;
  TestJob job;
  job.scan().table.options["count"] = "100000000";
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  EXPECT_NE((*running)->Savepoint(directory.path(), true, true), "");
  const auto end = (*running)->end.get();
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(job.committed.finished, 1);
}

TEST(Job, CancelEndsItWithoutCommitting) {
  TestJob job;
  job.scan().table.options["count"] = "100000000";
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  (*running)->job->Cancel();
  const auto end = (*running)->end.get();
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(*end, Job::State::kCancelled);
  EXPECT_EQ(job.committed.size(), 0u);
}

// Failures at random, with restarts in the process, at random parallelism and thread counts.
TEST(Job, EveryRowOnceWhateverFails) {
  std::mt19937 random(20240607);
  for (int round = 0; round < 6; ++round) {
    TemporaryDirectory directory;
    TestJob job;
    const auto count = std::uniform_int_distribution<int64_t>(20'000, 150'000)(random);
    // Of many keys a cut is not saved at once: the job goes on meanwhile.
    const auto keys =
        round % 2 == 0 ? 70'000 : std::uniform_int_distribution<int64_t>(1, 500)(random);
    job.scan().table.options["count"] = std::to_string(count);
    job.scan().table.options["keys"] = std::to_string(keys);
    job.configuration.Set("execution.checkpointing.interval", "5ms");
    job.configuration.Set("execution.checkpointing.dir", directory.path());
    job.configuration.Set("restart-strategy.type", "fixed-delay");
    job.configuration.Set("restart-strategy.fixed-delay.attempts", "1000");
    job.configuration.Set("restart-strategy.fixed-delay.delay", "1ms");
    job.configuration.Set("castor.batch-rows", std::to_string(1 << (random() % 11)));
    job.configuration.Set("execution.buffer-timeout", random() % 2 == 0 ? "0" : "3ms");
    std::atomic<int> failures{4};
    std::atomic<int64_t> calls{0};
    const int64_t every = count / 40 + 1;
    job.fails = [&] { return ++calls % every == 0 && failures.fetch_sub(1) > 0; };
    JobOptions options;
    options.threads = 1 + static_cast<int>(random() % 4);
    const auto end = RunJob(job, 1 + static_cast<int>(random() % 4), options);
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(count, keys)) << "round " << round;
    EXPECT_TRUE(fs::is_empty(directory.path()));
  }
}

TEST(Job, ASnapshotThatDoesNotFitIsRefusedByName) {
  TemporaryDirectory directory;
  TestJob job;
  job.scan().table.options["count"] = "100000000";
  auto running = StartJob(job, 2);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string savepoint = (*running)->Savepoint(directory.path(), true);
  ASSERT_TRUE((*running)->end.get().ok());

  TestJob changed;
  changed.scan().table.options["count"] = "10";
  changed.bundle.graph.nodes[2]->uid = "other-count";
  const auto refused = RunJob(changed, 2, From(savepoint));
  EXPECT_EQ(refused.status().code(), StatusCode::kIncompatible);
  EXPECT_NE(refused.status().message().find("'test-count-3'"), std::string::npos)
      << refused.status().ToString();
  EXPECT_TRUE(RunJob(changed, 2, From(savepoint, true)).ok());

  TestJob refingerprinted;
  refingerprinted.bundle.graph.nodes[2]->fingerprint = "another";
  EXPECT_EQ(RunJob(refingerprinted, 2, From(savepoint)).status().code(), StatusCode::kIncompatible);

  TestJob too_wide;
  too_wide.configuration.Set("pipeline.max-parallelism", "64");
  EXPECT_EQ(RunJob(too_wide, 2, From(savepoint)).status().code(), StatusCode::kIncompatible);
}

TEST(Job, DamagedAndForeignSnapshotsAreToldApart) {
  TemporaryDirectory directory;
  TestJob job;
  job.scan().table.options["count"] = "100000000";
  auto running = StartJob(job, 1);
  ASSERT_TRUE(running.ok()) << running.status().ToString();
  const std::string savepoint = (*running)->Savepoint(directory.path(), true);
  ASSERT_TRUE((*running)->end.get().ok());

  const auto overwrite = [](const std::string& path, std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  };
  for (const auto& entry : fs::directory_iterator(savepoint)) {
    if (entry.path().filename() == "_metadata") continue;
    const std::string path = entry.path().string();
    std::ifstream file(path, std::ios::binary);
    const std::string original{std::istreambuf_iterator<char>(file), {}};
    overwrite(path, 0, "\x7f");
    const auto end = RunJob(job, 1, From(savepoint));
    EXPECT_EQ(end.status().code(), StatusCode::kCorruption) << path;
    EXPECT_NE(end.status().message().find(path), std::string::npos) << end.status().ToString();
    overwrite(path, 0, original.substr(0, 1));
  }
  overwrite(savepoint + "/_metadata", 60, "?");
  EXPECT_EQ(RunJob(job, 1, From(savepoint)).status().code(), StatusCode::kCorruption);
  overwrite(savepoint + "/_metadata", 0, "\x49\x60\x67\x2d");
  const auto foreign = RunJob(job, 1, From(savepoint));
  EXPECT_EQ(foreign.status().code(), StatusCode::kIncompatible);
  EXPECT_NE(foreign.status().message().find("Apache Flink"), std::string::npos);
  EXPECT_EQ(RunJob(job, 1, From(directory / "nothing")).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace castor::runtime
