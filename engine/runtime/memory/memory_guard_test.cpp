#include "runtime/memory/memory_guard.h"

#include <gtest/gtest.h>

#include "runtime/job/running_job.h"

namespace castor::runtime {
namespace {

using Pace = MemoryGuard::Pace;
using test::ExpectedCounts;
using test::RunJob;
using test::TestJob;

constexpr int64_t kMiB = 1 << 20;

// A limit for the process, of which so much is taken besides what is taken already.
class LittleMemory {
 public:
  explicit LittleMemory(int64_t limit, int64_t reserve = 0,
                        int64_t state = MemoryAccount::kUnlimited)
      : reserve_(reserve) {
    MemoryGuard::Limit(limit, reserve, state);
  }
  ~LittleMemory() {
    MemoryAccount::Buffers().Release(taken_);
    MemoryAccount::Process().Release(reserve_);
    MemoryAccount::Process().set_limit(MemoryAccount::kUnlimited);
    MemoryAccount::State().set_limit(MemoryAccount::kUnlimited);
  }
  // Until so much is in use, by what is no state.
  void FillTo(int64_t used) {
    const int64_t more = used - MemoryAccount::Process().used();
    MemoryAccount::Buffers().Charge(more);
    taken_ += more;
  }

 private:
  const int64_t reserve_;
  int64_t taken_ = 0;
};

TEST(MemoryGuard, SourcesSlowDownAndStop) {
  EXPECT_EQ(MemoryGuard::SourcePace(), Pace::kFree);
  LittleMemory memory(64 * kMiB);
  memory.FillTo(56 * kMiB);
  EXPECT_EQ(MemoryGuard::SourcePace(), Pace::kFree);
  memory.FillTo(57 * kMiB);
  EXPECT_EQ(MemoryGuard::SourcePace(), Pace::kSlow);
  memory.FillTo(61 * kMiB);
  EXPECT_EQ(MemoryGuard::SourcePace(), Pace::kStop);
}

TEST(MemoryGuard, StateMayTakeWhatRowsOnTheirWayAndTheReserveLeave) {
  LittleMemory memory(64 * kMiB, 16 * kMiB);
  EXPECT_EQ(MemoryAccount::State().limit(), 40 * kMiB);
}

TEST(MemoryGuard, StateMayTakeNoMoreThanIsSaid) {
  LittleMemory memory(64 * kMiB, 16 * kMiB, kMiB);
  EXPECT_EQ(MemoryAccount::State().limit(), kMiB);
}

TEST(MemoryGuard, QueuesShrink) {
  EXPECT_EQ(MemoryGuard::QueueBytes(kMiB), kMiB);
  LittleMemory memory(64 * kMiB);
  memory.FillTo(30 * kMiB);
  EXPECT_EQ(MemoryGuard::QueueBytes(kMiB), kMiB);
  memory.FillTo(44 * kMiB);
  EXPECT_EQ(MemoryGuard::QueueBytes(kMiB), kMiB / 2);
  memory.FillTo(57 * kMiB);
  EXPECT_EQ(MemoryGuard::QueueBytes(kMiB), 0);
  memory.FillTo(70 * kMiB);
  EXPECT_EQ(MemoryGuard::QueueBytes(kMiB), 0);
}

TEST(MemoryGuard, AJobThatStandsStillFailsAndNamesTheHolder) {
  LittleMemory memory(64 * kMiB);
  MemoryGuard guard;
  memory.FillTo(62 * kMiB);
  EXPECT_TRUE(guard.Watch(0, 7, {}).ok());
  EXPECT_TRUE(guard.Watch(9'999, 7, {}).ok());
  const Status status = guard.Watch(10'000, 7, {"Sort", 60 * kMiB});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  for (const char* part : {"castor.memory (64 MiB) is used up", "Sort with 60 MiB", "Raise"}) {
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
  }
}

TEST(MemoryGuard, GettingLowerAndGivingOutAreProgress) {
  LittleMemory memory(64 * kMiB);
  MemoryGuard guard;
  TimestampMs now = 0;
  for (int64_t used = 200; used > 61; used -= 4, now += 9'000) {
    memory.FillTo(used * kMiB);
    EXPECT_TRUE(guard.Watch(now, 7, {}).ok()) << used;
  }
  memory.FillTo(62 * kMiB);
  for (int64_t work = 8; work < 12; ++work, now += 9'000) {
    EXPECT_TRUE(guard.Watch(now, work, {}).ok()) << work;
  }
  // Not beyond the limit.
  memory.FillTo(65 * kMiB);
  EXPECT_FALSE(guard.Watch(now + 10'000, 12, {}).ok());
}

TEST(MemoryGuard, AJobNearItsLimitIsSlowAndRight) {
  LittleMemory memory(256 * kMiB);
  memory.FillTo(232 * kMiB);
  TestJob job;
  job.scan().table.options["count"] = "20000";
  job.scan().table.options["keys"] = "37";
  const auto end = RunJob(job, 3);
  ASSERT_TRUE(end.ok()) << end.status().ToString();
  EXPECT_EQ(job.committed.Sorted(), ExpectedCounts(20000, 37));
}

}  // namespace
}  // namespace castor::runtime
