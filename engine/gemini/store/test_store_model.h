// Instances that share out the key groups, as a test of a store drives them: with budgets that they
// exceed, reads that are pending, I/O that is done late, in any order, or fails, checkpoints, and
// restores of any checkpoint kept at another parallelism. Of two tests one keeps its files afar,
// with a cache on a disk that is much too small and refuses now and then. What the state should be
// is the model of the test itself.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gemini/memory/test_keys.h"
#include "gemini/remote/cached_files.h"
#include "gemini/remote/test_scratch_file.h"
#include "gemini/store/store.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {

inline constexpr uint32_t kTestKeyGroups = 12;

// What models put into records, as far as their layout has room for it.
struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};

// Some collide.
inline uint32_t HashOfKey(const std::string& key) {
  return HashOfNumber(std::hash<std::string>()(key) % 3000);
}

// `Model` is copied when a checkpoint starts, and copied back by a restore.
template <typename Model>
class StoreModelTest : public testing::TestWithParam<uint32_t> {
 protected:
  struct Instance {
    uint32_t first, last;
    std::unique_ptr<Store> store;

    bool Owns(const std::string& key) const {
      const uint32_t group = GroupOfHash(HashOfKey(key), kTestKeyGroups);
      return group >= first && group <= last;
    }
  };

  StoreModelTest() {
    files_.fails = [this] { return faulty_ && Random(1500) == 0; };
    files_.whole = remote_;
    disk_.fails = [this] { return Random(1000) == 0; };
  }

  // The tables of a new instance, which is instances_[number].
  virtual void AddTables(size_t number) = 0;
  virtual void Operate(size_t instance) = 0;

  uint32_t Random(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  // `steps` of anything; then lets all go, after which nothing must be left behind.
  void Run(int steps) {
    Open({});
    for (int step = 0; step < steps && !HasFatalFailure(); ++step) Step();
    EXPECT_GT(pending_, 10);
    EXPECT_GT(checkpoints_, 3);
    EXPECT_GT(restores_, 2);
    started_.reset();
    instances_.clear();
    tasks_.clear();
    kept_.clear();
    DeleteReleased();
    EXPECT_EQ(files_.files.size(), 0u);
  }

  // Repeats what is pending, or fails because a read did, until it is ready.
  template <typename Acquire>
  void UntilReady(Store* store, const Acquire& acquire) {
    while (true) {
      const Result<Readiness> ready = acquire();
      if (ready.ok() && *ready == Readiness::kReady) return;
      if (!ready.ok()) {
        ASSERT_EQ(ready.status().code(), StatusCode::kIoError) << ready.status().ToString();
      }
      Await(store);
    }
  }
  void Await(Store* store) {
    ++pending_;
    RunTask();
    if (Random(3) == 0) store->Maintain(now_);
  }

  std::mt19937 random_{GetParam()};
  std::vector<Instance> instances_;
  Model model_;
  int64_t now_ = 1000;

 private:
  // A checkpoint of all instances.
  struct Kept {
    std::vector<std::string> encoded;
    std::vector<LiveCheckpoint> live;
    Model model;
    int64_t time;
  };

  io::FileSystem* store_files() {
    return remote_ ? static_cast<io::FileSystem*>(&cached_) : &files_;
  }

  void Open(const std::vector<Checkpoint>& restored) {
    const uint32_t parallelism = 1 + Random(3);
    faulty_ = false;
    instances_.clear();
    for (uint32_t i = 0; i < parallelism; ++i) {
      Instance& instance = instances_.emplace_back();
      instance.first = i * kTestKeyGroups / parallelism;
      instance.last = (i + 1) * kTestKeyGroups / parallelism - 1;
      StoreOptions options;
      options.file_system = store_files();
      options.run_prefix = "dir/" + std::to_string(attempt_++) + "-";
      options.key_groups = kTestKeyGroups;
      options.first_group = instance.first;
      options.last_group = instance.last;
      options.key_group_of = GroupOfHash;
      options.memory_budget = 3'000'000 + Random(6'000'000);
      options.run_bytes = 200'000 + Random(800'000);
      options.records_per_slice = 200 + Random(2000);
      options.execute = [this](std::function<void()> work) { tasks_.push_back(std::move(work)); };
      options.separate_from = static_cast<uint32_t>(attempt_) % 3 * 40;
      options.block_cache_bytes = attempt_ % 3 * 100'000;
      options.compress = attempt_ % 3 == 1;
      if (attempt_ % 2 == 0) options.tuning = TuningOptions::All();
      options.tuning.interval = 300'000;  // often
      options.release = [this](const std::string& path) { released_.insert(path); };
      auto store = Store::Open(std::move(options), restored);
      ASSERT_TRUE(store.ok()) << store.status().ToString();
      instance.store = std::move(*store);
      AddTables(i);
    }
    faulty_ = true;
  }

  void RunTask() {
    if (tasks_.empty()) return;
    const auto at = tasks_.begin() + Random(static_cast<uint32_t>(tasks_.size()));
    const std::function<void()> task = std::move(*at);
    tasks_.erase(at);
    task();
  }

  void GoOnWithCheckpoint() {
    if (!started_) {
      started_.emplace();
      started_->model = model_;
      started_->time = now_;
      taken_.assign(instances_.size(), false);
      for (Instance& instance : instances_) ASSERT_TRUE(instance.store->StartCheckpoint().ok());
      checkpoint_ok_ = true;
      return;
    }
    if (Random(30) == 0) instances_[0].store->AbandonCheckpoint();
    for (size_t i = 0; i < instances_.size(); ++i) {
      if (taken_[i]) continue;
      auto taken = instances_[i].store->TakeCheckpoint();
      if (!taken) continue;
      taken_[i] = true;
      checkpoint_ok_ &= taken->ok();
      if (!taken->ok()) continue;
      for (const CheckpointRun& run : (*taken)->description.runs) {
        ASSERT_EQ(files_.synced.count(run.path), 1u) << run.path;
        for (const std::string& path : run.values) {
          ASSERT_TRUE(path.empty() || files_.synced.count(path) == 1) << path;
        }
      }
      started_->encoded.push_back(EncodeCheckpoint((*taken)->description));
      started_->live.push_back(std::move(**taken));
    }
    if (std::find(taken_.begin(), taken_.end(), false) != taken_.end()) return;
    if (checkpoint_ok_) {
      kept_.push_back(std::move(*started_));
      ++checkpoints_;
      if (kept_.size() > 3) kept_.pop_front();
    }
    started_.reset();
  }

  void Restore() {
    if (kept_.empty()) return;
    started_.reset();
    const auto from = std::next(kept_.begin(), Random(static_cast<uint32_t>(kept_.size())));
    std::vector<Checkpoint> restored;
    for (const std::string& bytes : from->encoded) {
      auto decoded = DecodeCheckpoint(bytes);
      ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
      restored.push_back(std::move(*decoded));
    }
    model_ = from->model;
    now_ = std::max(now_, from->time);
    if (Random(2) == 0) tasks_.clear();
    Open(restored);
    ++restores_;
  }

  // The policy of this host: what no checkpoint and no instance has is deleted.
  void DeleteReleased() {
    std::set<std::string> needed;
    const auto need = [&](const RunSet& runs) {
      for (const RunSet::Run& run : runs.runs()) {
        needed.insert(run.file->path());
        for (const std::shared_ptr<ValueFile>& values : run.values) {
          if (values != nullptr) needed.insert(values->path());
        }
      }
    };
    for (const Instance& instance : instances_) need(instance.store->runs());
    for (const Kept& kept : kept_) {
      for (const LiveCheckpoint& live : kept.live) need(live.runs);
    }
    if (started_) {
      for (const LiveCheckpoint& live : started_->live) need(live.runs);
    }
    for (const std::string& path : released_) {
      if (needed.count(path) > 0) continue;
      EXPECT_TRUE(store_files()->DeleteFile(path).ok());
    }
    released_.clear();
  }

  void Step() {
    const uint32_t what = Random(100);
    const size_t any = Random(static_cast<uint32_t>(instances_.size()));
    if (what < 48) return Operate(any);
    if (what < 70)
      instances_[any].store->Maintain(now_);
    else if (what < 84)
      RunTask();
    else if (what < 94)
      GoOnWithCheckpoint();
    else if (what < 97)
      now_ += Random(10);
    else if (what < 99)
      DeleteReleased();
    else if (Random(3) == 0)
      Restore();
  }

  const bool remote_ = GetParam() % 2 == 1;
  TestFileSystem files_;
  TestDisk disk_;
  PageCache cache_{std::make_unique<TestScratchFile>(&disk_),
                   {.page_bytes = 4 << 10, .capacity = 256 << 10}};
  CachedFiles cached_{&files_, &cache_, 32 << 10};
  bool faulty_ = false;
  int attempt_ = 0;
  std::set<std::string> released_;
  std::deque<std::function<void()>> tasks_;
  std::optional<Kept> started_;
  std::vector<bool> taken_;
  bool checkpoint_ok_ = false;
  std::list<Kept> kept_;
  int pending_ = 0, checkpoints_ = 0, restores_ = 0;
};

}  // namespace castor::gemini
