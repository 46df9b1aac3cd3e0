// Jobs whose checkpoints, and so the files of their state, are on an object store, with a cache of
// them on local disk.
#include "runtime/job/state_cache.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <mutex>
#include <random>

#include "runtime/job/file_job.h"
#include "runtime/job/test_remote_files.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;
using test::ExpectedCounts;
using test::FileJob;
using test::From;
using test::kCount;
using test::RemoteFiles;
using test::RunJob;
using test::StartJob;
using test::TemporaryDirectory;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kCheckpoints = "remote://lake/checkpoints";
constexpr int64_t kKeys = 5000;

struct RemoteJob : FileJob {
  explicit RemoteJob(const TemporaryDirectory& directory)
      : FileJob(kCheckpoints), remote(directory / "remote"), local(directory / "local") {
    fs::create_directory(local);
    file_systems.Register("remote", [this] { return &remote; });
    scan().table.options["keys"] = std::to_string(kKeys);
    configuration.Set("restart-strategy.type", "fixed-delay");
    configuration.Set("restart-strategy.fixed-delay.attempts", "1000");
    configuration.Set("restart-strategy.fixed-delay.delay", "1ms");
    configuration.Set("state.backend.gemini.local.dir", local);
    configuration.Set("state.backend.gemini.file.cache.preserved-space", "0");
  }
  void SetOption(const std::string& key, const std::string& value) {
    configuration.Set("state.backend.gemini." + key, value);
  }

  RemoteFiles remote;
  const std::string local;
};

// Whether the job's last checkpoint has any files of state: the first ones may be of a moment
// before the first row.
bool HasSavedState(RemoteJob& job, const Job& running) {
  const std::optional<std::string> latest = running.latest_checkpoint();
  if (!latest) return false;
  const auto metadata = ReadMetadata(job.remote, *latest);
  return metadata.ok() && !metadata->SharedFiles().empty();
}

// Starts the job, and waits until it has saved state.
std::unique_ptr<test::RunningJob> StartAndSaveState(RemoteJob& job) {
  auto running = StartJob(job, 2);
  EXPECT_TRUE(running.ok()) << running.status().ToString();
  const auto ended = [&] {
    return (*running)->end.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready;
  };
  while (!HasSavedState(job, *(*running)->job) && !ended()) {
  }
  return std::move(*running);
}

// Runs the job, and has it fail once when it has saved state.
void RunWithARestart(RemoteJob& job) {
  std::atomic<bool> fail{false};
  job.fails = [&] { return fail.exchange(false); };
  const auto running = StartAndSaveState(job);
  fail = true;
  const auto end = running->end.get();
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(running->job->restarts(), 1);
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, kKeys));
  job.fails = nullptr;
}

TEST(StateCacheTest, ARestartReadsNothingThatThisProcessHasWritten) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  RunWithARestart(job);
  EXPECT_EQ(job.remote.state_reads, 0);
  EXPECT_TRUE(fs::is_empty(job.local));
}

TEST(StateCacheTest, ARestartMayNotRelyOnTheLocalDisk) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  job.configuration.Set("execution.state-recovery.from-local", "false");
  RunWithARestart(job);
  EXPECT_GT(job.remote.state_reads, 0);
}

TEST(StateCacheTest, WithoutACacheNothingIsOnLocalDisk) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  job.SetOption("file.cache.type", "NONE");
  job.SetOption("local.dir", "/proc/there-is-none");
  RunWithARestart(job);
  EXPECT_GT(job.remote.state_reads, 0);
  EXPECT_TRUE(fs::is_empty(job.local));
}

TEST(StateCacheTest, ADiskThatIsToStayFreeIsNotUsed) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  job.SetOption("file.cache.type", "INFINITE");
  job.SetOption("file.cache.preserved-space", "16tb");
  RunWithARestart(job);
  EXPECT_GT(job.remote.state_reads, 0);
}

// Whatever fails there, with a cache that has room for a small part of the state.
TEST(StateCacheTest, EveryRowOnceWhateverFailsAfar) {
  for (uint32_t round = 0; round < 3; ++round) {
    TemporaryDirectory directory;
    RemoteJob job(directory);
    job.SetOption("file.cache.size", "64kb");
    job.SetOption("restore.page-download.buffer.size", "4kb");
    std::mutex mutex;
    std::mt19937 random(round);
    int left = 5;
    job.remote.fails = [&] {
      const std::lock_guard lock(mutex);
      return left > 0 && random() % 100 == 0 && left-- > 0;
    };
    std::atomic<int> failures{3};
    std::atomic<int64_t> calls{0};
    job.fails = [&] { return ++calls % 50 == 0 && failures.fetch_sub(1) > 0; };
    const auto end = RunJob(job, 2);
    ASSERT_TRUE(end.ok()) << end.status().ToString();
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, kKeys)) << "round " << round;
    EXPECT_THAT(*job.remote.List(kCheckpoints), IsEmpty());
    EXPECT_TRUE(fs::is_empty(job.local));
  }
}

// Another process goes on from what is afar, with nothing on its own disk; claimed or not.
TEST(StateCacheTest, AnotherProcessGoesOn) {
  for (const ClaimMode mode : {ClaimMode::kClaim, ClaimMode::kNoClaim}) {
    TemporaryDirectory directory;
    RemoteJob job(directory);
    constexpr const char* kRetention = "execution.checkpointing.externalized-checkpoint-retention";
    job.configuration.Set(kRetention, "RETAIN_ON_CANCELLATION");
    auto running = StartAndSaveState(job);
    running->job->Cancel();
    ASSERT_EQ(*running->end.get(), Job::State::kCancelled);
    job.configuration.Set(kRetention, "DELETE_ON_CANCELLATION");
    const std::string left = *running->job->latest_checkpoint();
    running.reset();
    EXPECT_THAT(left, HasSubstr(kCheckpoints));
    job.remote.state_reads = 0;
    EXPECT_TRUE(fs::is_empty(job.local));
    ASSERT_EQ(*RunJob(job, 3, From(left, mode)), Job::State::kFinished);
    EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(kCount, kKeys));
    EXPECT_GT(job.remote.state_reads, 0);
  }
}

TEST(StateCacheTest, FilesAreBroughtBehindWhatWaitsForThePool) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  const std::string path = std::string(kCheckpoints) + "/shared/op1";
  const std::string content(5 << 19, 'x');
  const auto file = std::move(job.remote.OpenForWrite(path)).value();
  ASSERT_TRUE(file->Append(content).ok() && file->Close().ok());
  const auto cache = StateCache::Make(
      job.configuration, *state::ReadGeminiOptions(job.configuration), &job.remote, "test");
  ASSERT_TRUE(cache.ok()) << cache.status().ToString();
  IoPool pool(1);
  std::promise<void> go;
  pool.Submit([&] { go.get_future().wait(); });
  (*cache)->FetchAhead(&pool, {path});
  std::atomic<int64_t> reads_before{-1};
  pool.Submit([&] { reads_before = job.remote.state_reads.load(); });
  go.set_value();
  while (job.remote.state_reads < 5) {  // of half a megabyte each
  }
  pool.Stop();
  EXPECT_EQ(reads_before, 1);
  EXPECT_EQ(*io::ReadWholeFile(*(*cache)->files(), path), content);
  EXPECT_EQ(job.remote.state_reads, 5);
}

TEST(StateCacheTest, AFolderThatCannotBeMadeIsNamedWithWhatToDo) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  job.SetOption("local.dir", "/proc/there-is-none");
  const std::string why = RunJob(job, 1).status().message();
  EXPECT_THAT(why, HasSubstr("/proc/there-is-none"));
  EXPECT_THAT(why, HasSubstr("state.backend.gemini.local.dir"));
}

TEST(StateCacheTest, WhatHasNoEffectIsTold) {
  TemporaryDirectory directory;
  RemoteJob job(directory);
  job.SetOption("timer-service.factory", "HEAP");
  std::mutex mutex;
  std::vector<std::string> log;
  JobOptions options;
  options.log = [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    log.push_back(line);
  };
  ASSERT_TRUE(RunJob(job, 1, options).ok());
  EXPECT_THAT(log, testing::Contains(HasSubstr("timer-service.factory' has no effect")));
  job.SetOption("timer-service.factory", "NONE");
  EXPECT_THAT(RunJob(job, 1).status().message(), HasSubstr("timer-service.factory"));
}

}  // namespace
}  // namespace castor::runtime
