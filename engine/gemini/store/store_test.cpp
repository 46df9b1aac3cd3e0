// Random operations on instances that share out the key groups, compared with a map: with a budget
// that they exceed, reads that are pending, I/O that is done late, in any order, or fails,
// checkpoints, and restores of any checkpoint kept at another parallelism.
#include "gemini/store/store.h"

#include <gtest/gtest.h>

#include <deque>
#include <list>
#include <map>
#include <random>
#include <set>

#include "gemini/memory/test_keys.h"
#include "gemini/store/test_file_system.h"

namespace castor::gemini {
namespace {

constexpr uint32_t kKeyGroups = 12;

struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};
struct Value {
  int64_t number = 0;
  std::string text;
  int64_t time = 0;
};
using Model = std::map<std::pair<uint32_t, std::string>, Value>;  // (table, key)

const TableOptions kTables[] = {{{1, 0}, {32, {16}}, 0}, {{2, 0}, {16, {}}, 200}};

struct Instance {
  uint32_t first, last;
  std::unique_ptr<Store> store;
  std::vector<RecordTable*> tables;

  bool Owns(const std::string& key) const;
};

uint32_t HashOf(const std::string& key) {
  return HashOfNumber(std::hash<std::string>()(key) % 3000);  // some collide
}
bool Instance::Owns(const std::string& key) const {
  const uint32_t group = GroupOfHash(HashOf(key), kKeyGroups);
  return group >= first && group <= last;
}

// A checkpoint of all instances.
struct Kept {
  std::vector<std::string> encoded;
  std::vector<LiveCheckpoint> live;
  Model model;
  int64_t time;
};

class StoreTest : public testing::TestWithParam<uint32_t> {
 protected:
  StoreTest() {
    files_.fails = [this] { return faulty_ && Random(400) == 0; };
  }

  uint32_t Random(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  void Open(const std::vector<Checkpoint>& restored) {
    const uint32_t parallelism = 1 + Random(3);
    faulty_ = false;
    instances_.clear();
    for (uint32_t i = 0; i < parallelism; ++i) {
      Instance& instance = instances_.emplace_back();
      instance.first = i * kKeyGroups / parallelism;
      instance.last = (i + 1) * kKeyGroups / parallelism - 1;
      StoreOptions options;
      options.file_system = &files_;
      options.run_prefix = "dir/" + std::to_string(attempt_++) + "-";
      options.key_groups = kKeyGroups;
      options.first_group = instance.first;
      options.last_group = instance.last;
      options.key_group_of = GroupOfHash;
      options.memory_budget = 3'000'000 + Random(6'000'000);
      options.run_bytes = 200'000 + Random(800'000);
      options.records_per_slice = 200 + Random(2000);
      options.execute = [this](std::function<void()> work) { tasks_.push_back(std::move(work)); };
      options.release = [this](const std::string& path) { released_.insert(path); };
      auto store = Store::Open(std::move(options), restored);
      ASSERT_TRUE(store.ok()) << store.status().ToString();
      instance.store = std::move(*store);
      for (const TableOptions& table : kTables) {
        auto added = instance.store->AddTable(table);
        ASSERT_TRUE(added.ok()) << added.status().ToString();
        instance.tables.push_back(*added);
      }
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

  std::string AnyKey(const Instance& instance) {
    while (true) {
      std::string key = "key" + std::to_string(Random(6000));
      key.resize(key.size() + (key.size() % 2) * 20, '.');
      if (instance.Owns(key)) return key;
    }
  }
  bool Expired(uint32_t table, const Value& value) const {
    return kTables[table].ttl_ms > 0 && value.time + kTables[table].ttl_ms <= now_;
  }

  void AccessSome() {
    Instance& instance = instances_[Random(static_cast<uint32_t>(instances_.size()))];
    const uint32_t table = Random(2);
    const auto access = static_cast<Access>(Random(3));
    const uint32_t count = 1 + Random(60);
    std::vector<std::string> names;
    KeyList keys;
    for (uint32_t i = 0; i < count; ++i) {
      names.push_back(AnyKey(instance));
      keys.Add(names.back(), HashOf(names.back()));
    }
    std::vector<std::byte*> payloads(count);
    std::vector<uint8_t> created(count);
    while (true) {
      const auto ready = instance.store->Acquire(instance.tables[table], keys.view(), access, now_,
                                                 payloads.data(), created.data());
      if (ready.ok() && *ready == Readiness::kReady) break;
      if (!ready.ok()) {
        ASSERT_EQ(ready.status().code(), StatusCode::kIoError) << ready.status().ToString();
      }
      ++pending_;
      RunTask();
      if (Random(3) == 0) instance.store->Maintain(now_);
    }
    for (uint32_t i = 0; i < count; ++i)
      Check(instance, table, access, names[i], payloads[i], created[i] != 0);
    instance.store->Release();
  }

  void Check(Instance& instance, uint32_t table, Access access, const std::string& key,
             std::byte* bytes, bool created) {
    const auto at = model_.find({table, key});
    const bool exists = at != model_.end() && !Expired(table, at->second);
    if (access == Access::kFindOrCreate) {
      ASSERT_EQ(created, !exists) << key;
    } else {
      ASSERT_EQ(bytes != nullptr, exists) << key;
      if (!exists) return;
    }
    Value& value = model_[{table, key}];
    if (!exists) value = {};
    if (access == Access::kFindOrCreate && kTables[table].ttl_ms > 0) value.time = now_;
    auto* payload = reinterpret_cast<Payload*>(bytes);
    ASSERT_EQ(payload->number, value.number) << key;
    if (table == 0) {
      ASSERT_EQ(payload->text.view(), value.text) << key;
    }
    if (access == Access::kRead) return;
    payload->number = value.number = static_cast<int64_t>(random_());
    if (table == 0 && Random(2) == 0) {
      value.text.assign(Random(300), static_cast<char>('a' + Random(26)));
      instance.tables[0]->SetBlob(&payload->text, value.text);
    }
  }

  void EraseSome() {
    Instance& instance = instances_[Random(static_cast<uint32_t>(instances_.size()))];
    const uint32_t table = Random(2);
    KeyList keys;
    std::vector<uint32_t> rows;
    const uint32_t count = 1 + Random(20);
    for (uint32_t row = 0; row < count; ++row) {
      const std::string key = AnyKey(instance);
      keys.Add(key, HashOf(key));
      rows.push_back(row);
      model_.erase({table, key});
    }
    instance.store->Erase(instance.tables[table], keys.view(), rows);
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
      for (const RunSet::Run& run : runs.runs()) needed.insert(run.file->path());
    };
    for (const Instance& instance : instances_) need(instance.store->runs());
    for (const Kept& kept : kept_) {
      for (const LiveCheckpoint& live : kept.live) need(live.runs);
    }
    if (started_) {
      for (const LiveCheckpoint& live : started_->live) need(live.runs);
    }
    for (const std::string& path : released_) {
      if (needed.count(path) == 0) files_.files.erase(path);
    }
    released_.clear();
  }

  void Step() {
    const uint32_t what = Random(100);
    Instance& any = instances_[Random(static_cast<uint32_t>(instances_.size()))];
    if (what < 40) return AccessSome();
    if (what < 48) return EraseSome();
    if (what < 70)
      any.store->Maintain(now_);
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

  TestFileSystem files_;
  std::mt19937 random_{GetParam()};
  bool faulty_ = false;
  int attempt_ = 0;
  std::set<std::string> released_;
  std::deque<std::function<void()>> tasks_;
  std::vector<Instance> instances_;
  Model model_;
  int64_t now_ = 1000;
  std::optional<Kept> started_;
  std::vector<bool> taken_;
  bool checkpoint_ok_ = false;
  std::list<Kept> kept_;
  int pending_ = 0, checkpoints_ = 0, restores_ = 0;
};

TEST_P(StoreTest, HoldsWhatAMapHolds) {
  Open({});
  for (int step = 0; step < 3000 && !HasFatalFailure(); ++step) Step();
  EXPECT_GT(pending_, 20);
  EXPECT_GT(checkpoints_, 3);
  EXPECT_GT(restores_, 3);
  // When all have let go nothing is left behind.
  started_.reset();
  instances_.clear();
  tasks_.clear();
  kept_.clear();
  DeleteReleased();
  EXPECT_EQ(files_.files.size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreTest, testing::Range(0u, 6u));

}  // namespace
}  // namespace castor::gemini
