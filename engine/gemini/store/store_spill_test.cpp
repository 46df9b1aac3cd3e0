// Without any memory for state everything is in runs between two batches, and still there once.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <random>
#include <utility>

#include "gemini/store/test_small_store.h"

namespace castor::gemini {
namespace {

class StoreSpillTest : public SmallStoreTest {
 protected:
  StoreSpillTest() {
    options_.memory_budget = 0;
    options_.execute = [this](std::function<void()> work) { tasks_.push_back(std::move(work)); };
  }
  ~StoreSpillTest() override { store_.reset(); }

  void RunTask() {
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
  // As far as it goes; what is written then is in runs at some later time.
  void Spill() {
    if (random_() % 2 == 0) RunTask();
    for (int i = 0; i < 100 && store_->Maintain(0) == Store::Work::kMore; ++i) {
    }
  }
  // Until there is nothing more to be done.
  void Settle() {
    for (int i = 0; i < 1000 && store_->Maintain(0) != Store::Work::kNone; ++i) RunTask();
  }
  Status Checkpoint() {
    EXPECT_TRUE(store_->StartCheckpoint().ok());
    for (;;) {
      store_->Maintain(0);
      if (auto taken = store_->TakeCheckpoint()) return taken->status();
      RunTask();
    }
  }
  template <typename Acquire>
  void Await(const Acquire& acquire) {
    while (*acquire() != Readiness::kReady) RunTask();
  }
  void Register(TimerTable* table, int64_t time, uint64_t key) {
    NumberKeys keys;
    keys.Add(key);
    store_->Register(table, {time, keys.view().hash(0), keys.view().key(0), "ns"});
  }
  // Some at a time, with upkeep in between; how many there were.
  size_t PopAll(TimerTable* table, int64_t until) {
    size_t popped = 0;
    for (int turns = 0; turns < 1000; ++turns) {
      TimerPage page;
      Await([&] { return store_->PopDue(table, until, 3, &page); });
      if (page.empty()) return popped;
      popped += page.size();
      Spill();
    }
    ADD_FAILURE() << "timers come back";
    return popped;
  }

  std::mt19937 random_{1};
  std::deque<std::function<void()>> tasks_;
};

TEST_F(StoreSpillTest, TimersFireOnce) {
  OpenStore();
  TimerTable* const table = *store_->AddTimerTable({7, 60'000, "timers"});
  for (int round = 0; round < 3; ++round) {
    for (int64_t time = 0; time < 100; ++time) {
      Register(table, round * 1000 + time, static_cast<uint64_t>(time));
      if (time % 7 == 0) Spill();
    }
    EXPECT_EQ(PopAll(table, round * 1000 + 49), 50u);
    Spill();
    EXPECT_EQ(PopAll(table, round * 1000 + 999), 50u);
    EXPECT_EQ(PopAll(table, round * 1000 + 999), 0u);
  }
}

// As from an object store: then the pool's threads wait for many reads of a batch at once.
TEST_F(StoreSpillTest, ReadsThatTakeLongAreManyTasks) {
  static int64_t now = 0;  // a call takes ten milliseconds
  options_.nanoseconds = [] { return now += 10'000'000; };
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {8, {}}, 0});
  NumberKeys keys;
  for (uint64_t i = 0; i < 100; ++i) keys.Add(i);
  std::vector<std::byte*> payloads(keys.view().count);
  const auto acquire = [&] {
    return store_->Acquire(table, keys.view(), Access::kFindOrCreate, 0, payloads.data(), nullptr);
  };
  const auto read_again = [&] {
    store_->Release();
    Settle();
    EXPECT_EQ(*acquire(), Readiness::kPending);
    const size_t tasks = tasks_.size();
    Await(acquire);
    return tasks;
  };
  Await(acquire);
  EXPECT_LE(read_again(), 10u);
  for (int i = 0; i < 5; ++i) read_again();
  EXPECT_EQ(read_again(), 100u);
}

// Else no checkpoint would ever succeed again where no merge is due by itself.
TEST_F(StoreSpillTest, WhatCouldNotBeSyncedIsWrittenAnew) {
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {8, {}}, 0});
  LookUp(table, 0, 100, Access::kFindOrCreate);
  Settle();
  file_system_.fails = [] { return true; };
  EXPECT_EQ(Checkpoint().code(), StatusCode::kIoError);
  file_system_.fails = [] { return false; };
  Settle();
  EXPECT_TRUE(Checkpoint().ok());
}

}  // namespace
}  // namespace castor::gemini
