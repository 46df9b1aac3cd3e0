// Gemini's maps, lists and timers beside the in-memory store's, in one run. The argument is the
// number of keys; each has ten entries of 16 bytes under user keys of 16 bytes, and keys are drawn
// evenly. What is called short has two entries a key, of 100 bytes, as sides of a join do.
#include <benchmark/benchmark.h>

#include <numeric>
#include <random>

#include "gemini/memory/memory_tier.h"
#include "state/memory_map_state.h"
#include "state/memory_timer_queue.h"
#include "state/test_keys.h"

namespace castor::state {
namespace {

constexpr size_t kBatchRows = 1024;
constexpr int64_t kEntries = 10;  // of a key
constexpr int32_t kRecord = 16;
constexpr int64_t kFewEntries = 2;
constexpr size_t kUserKey = 16, kLongUserKey = 100;

uint32_t GroupOf(uint32_t hash, uint32_t key_groups) {
  return static_cast<uint32_t>(
      KeyGroupOf(static_cast<int32_t>(hash), static_cast<int32_t>(key_groups)));
}

// A batch of keys with a user key or element each.
struct Rows {
  KeyBatch keys;
  std::vector<int32_t> rows;
  std::vector<std::string> bytes;
  std::vector<std::string_view> views;
};

std::vector<int32_t> AllRowsOfABatch() {
  std::vector<int32_t> rows(kBatchRows);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

template <typename Draw>
std::vector<Rows> MakeRows(size_t batches, const Draw& draw, size_t user_key = kUserKey) {
  std::vector<Rows> made(batches);
  for (Rows& batch : made) {
    std::vector<int64_t> keys;
    for (size_t i = 0; i < kBatchRows; ++i) {
      const auto [key, entry] = draw();
      keys.push_back(key);
      batch.bytes.push_back(std::to_string(1'000'000'000'000'000 + entry));
      batch.bytes.back().resize(user_key, '.');
    }
    batch.keys = MakeKeys(keys);
    batch.rows = AllRowsOfABatch();
    batch.views.assign(batch.bytes.begin(), batch.bytes.end());
  }
  return made;
}

// Every entry of every key, as a stream would bring them: one of each key after the other.
std::vector<Rows> AllEntries(int64_t keys, int64_t entries = kEntries, size_t user_key = kUserKey) {
  int64_t next = 0;
  const auto draw = [&] {
    const int64_t number = next++;
    return std::pair(number % keys, number / keys);
  };
  return MakeRows(static_cast<size_t>(keys * entries) / kBatchRows, draw, user_key);
}

std::vector<Rows> RandomEntries(int64_t keys) {
  std::mt19937_64 random(1);
  return MakeRows(256, [&] {
    return std::pair(static_cast<int64_t>(random() % static_cast<uint64_t>(keys)),
                     static_cast<int64_t>(random() % kEntries));
  });
}

StateDescriptor Descriptor() {
  StateDescriptor descriptor;
  descriptor.layout.fixed_size = kRecord;
  return descriptor;
}

class InMemory {
 public:
  void Find(const Rows& rows, bool create, std::byte** records) {
    const AccessMode mode = create ? AccessMode::kFindOrCreate : AccessMode::kFind;
    if (!map_.Acquire(rows.keys, rows.rows, rows.views, mode, records, nullptr).ok()) std::abort();
  }
  void Append(const Rows& rows, std::byte** records) {
    if (!list_.Append(rows.keys, rows.rows, rows.views, records).ok()) std::abort();
  }
  int64_t Walk(const Rows& rows) {
    if (!map_.Locate(rows.keys, rows.rows, &handles_).ok()) std::abort();
    int64_t sum = 0;
    for (const uint64_t handle : handles_) {
      for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
        page_.clear();
        if (!map_.Entries(handle, &cursor, kBatchRows, &page_).ok()) std::abort();
        for (const Record& entry : page_) sum += *reinterpret_cast<int64_t*>(entry.data);
      }
    }
    return sum;
  }
  void Erase(const Rows& rows) { map_.Erase(rows.keys, rows.rows, rows.views); }
  void Register(int64_t time, std::string_view key, uint32_t hash) {
    timers_.Register(time, key, static_cast<int32_t>(hash), {});
  }
  size_t Pop(int64_t until) {
    timers_.PopDue(until, kBatchRows, &due_);
    return due_.size();
  }

 private:
  SegmentPool pool_;
  const StoreContext context_ = [this] {
    StoreContext context{};
    context.pool = &pool_;
    context.max_parallelism = 128;
    return context;
  }();
  MemoryMapState map_{context_, Descriptor()};
  MemoryListState list_{context_, Descriptor()};
  MemoryTimerQueue timers_{context_};
  std::vector<uint64_t> handles_;
  std::vector<Record> page_;
  std::vector<TimerQueue::Timer> due_;
};

class Gemini {
 public:
  void Find(const Rows& rows, bool create, std::byte** records) {
    const gemini::Keys keys = ViewOf(rows.keys);
    map_->Lookup({keys, rows.rows, rows.views},
                 create ? gemini::Access::kFindOrCreate : gemini::Access::kFind, 0, records,
                 nullptr, &missing_);
  }
  void Append(const Rows& rows, std::byte** records) {
    const gemini::Keys keys = ViewOf(rows.keys);
    list_->Append({keys, rows.rows, rows.views}, 0, records);
  }
  int64_t Walk(const Rows& rows) {
    map_->Locate(ViewOf(rows.keys), rows.rows, &handles_, &missing_);
    int64_t sum = 0;
    for (const uint64_t handle : handles_) {
      for (uint64_t cursor = 0; cursor != gemini::EntryTable::kEndOfEntries;) {
        page_.clear();
        map_->Walk(handle, gemini::Access::kRead, 0, &cursor, kBatchRows, &page_);
        for (const gemini::EntryView& entry : page_) {
          sum += *reinterpret_cast<int64_t*>(entry.payload);
        }
      }
    }
    return sum;
  }
  void Erase(const Rows& rows) {
    const gemini::Keys keys = ViewOf(rows.keys);
    map_->Erase({keys, rows.rows, rows.views}, &missing_);
  }
  void Register(int64_t time, std::string_view key, uint32_t hash) {
    timers_->Register({time, hash, key, {}});
  }
  size_t Pop(int64_t until) {
    int64_t cold_bucket;
    due_.Clear();
    timers_->PopDue(until, kBatchRows, &due_, &cold_bucket);
    timers_->TakeDropped();
    return due_.size();
  }

 private:
  static gemini::Keys ViewOf(const KeyBatch& keys) {
    return {keys.rows.bytes.data(), static_cast<size_t>(keys.rows.fixed_width),
            keys.rows.offsets.data(), keys.hashes.data(), keys.hashes.size()};
  }
  static gemini::EntryTableOptions Options(uint32_t table, gemini::EntriesOf kind) {
    return {{table, 0}, {kRecord, {}}, kind, 0};
  }
  gemini::MemoryTier tier_{128, GroupOf};
  gemini::EntryTable* const map_ = tier_.AddEntryTable(Options(0, gemini::EntriesOf::kMap));
  gemini::EntryTable* const list_ = tier_.AddEntryTable(Options(1, gemini::EntriesOf::kList));
  gemini::TimerTable* const timers_ = tier_.AddTimerTable({2, 60'000, {}});
  std::vector<uint32_t> missing_;
  std::vector<uint64_t> handles_;
  std::vector<gemini::EntryView> page_;
  gemini::TimerPage due_;
};

template <typename Store>
void Insert(benchmark::State& state, const std::vector<Rows>& batches) {
  std::byte* records[kBatchRows];
  for (auto _ : state) {
    Store store;
    for (const Rows& batch : batches) store.Find(batch, true, records);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batches.size() * kBatchRows));
}

template <typename Store>
void MapUpdate(benchmark::State& state) {
  Store store;
  std::byte* records[kBatchRows];
  for (const Rows& batch : AllEntries(state.range(0))) store.Find(batch, true, records);
  const std::vector<Rows> batches = RandomEntries(state.range(0));
  size_t next = 0;
  for (auto _ : state) {
    store.Find(batches[next++ % batches.size()], true, records);
    for (std::byte* record : records) ++*reinterpret_cast<int64_t*>(record);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows));
}

// Items are entries.
template <typename Store>
void MapWalk(benchmark::State& state) {
  Store store;
  std::byte* records[kBatchRows];
  for (const Rows& batch : AllEntries(state.range(0))) store.Find(batch, true, records);
  const std::vector<Rows> batches = RandomEntries(state.range(0));
  size_t next = 0;
  int64_t sum = 0;
  for (auto _ : state) sum += store.Walk(batches[next++ % batches.size()]);
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows) * kEntries);
}

// One key of which a hundred thousand entries were erased: a walk of the ten that are left.
template <typename Store>
void MapWalkAfterErasing(benchmark::State& state) {
  constexpr size_t kErased = 100;  // batches
  Store store;
  std::byte* records[kBatchRows];
  int64_t next = 0;
  const std::vector<Rows> batches =
      MakeRows(kErased, [&] { return std::pair(int64_t{1}, next++); });
  for (const Rows& batch : batches) store.Find(batch, true, records);
  Rows rest = batches[0];
  rest.rows.resize(kEntries);
  rest.views.resize(kEntries);
  Rows gone = batches[0];
  gone.rows.erase(gone.rows.begin(), gone.rows.begin() + kEntries);
  gone.views.erase(gone.views.begin(), gone.views.begin() + kEntries);
  store.Erase(gone);
  for (size_t i = 1; i < batches.size(); ++i) store.Erase(batches[i]);
  rest.rows.resize(1);
  int64_t sum = 0;
  for (auto _ : state) sum += store.Walk(rest);
  benchmark::DoNotOptimize(sum);
}

template <typename Store>
void MapInsert(benchmark::State& state) {
  Insert<Store>(state, AllEntries(state.range(0)));
}
template <typename Store>
void ShortMapInsert(benchmark::State& state) {
  Insert<Store>(state, AllEntries(state.range(0), kFewEntries, kLongUserKey));
}

template <typename Store>
void Append(benchmark::State& state, const std::vector<Rows>& batches) {
  std::byte* records[kBatchRows];
  for (auto _ : state) {
    Store store;
    for (const Rows& batch : batches) store.Append(batch, records);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batches.size() * kBatchRows));
}

template <typename Store>
void ListAppend(benchmark::State& state) {
  Append<Store>(state, AllEntries(state.range(0)));
}
template <typename Store>
void ShortListAppend(benchmark::State& state) {
  Append<Store>(state, AllEntries(state.range(0), kFewEntries, kLongUserKey));
}

// Each key's timer is some minutes ahead; each batch time goes on, and as many fire as come.
template <typename Store>
void Timers(benchmark::State& state) {
  const std::vector<Rows> batches = RandomEntries(state.range(0));
  Store store;
  std::mt19937_64 random(1);
  int64_t now = 0;
  size_t next = 0, fired = 0;
  for (auto _ : state) {
    const Rows& batch = batches[next++ % batches.size()];
    for (size_t i = 0; i < kBatchRows; ++i) {
      const auto row = static_cast<int32_t>(i);
      store.Register(now + static_cast<int64_t>(random() % 600'000), batch.keys.key(row),
                     static_cast<uint32_t>(batch.keys.hashes[i]));
    }
    now += 1000;
    while (const size_t popped = store.Pop(now)) fired += popped;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows));
  state.counters["fired"] = static_cast<double>(fired);
}

#define BOTH(what)                                                \
  BENCHMARK_TEMPLATE(what, InMemory)->Arg(1 << 11)->Arg(1 << 18); \
  BENCHMARK_TEMPLATE(what, Gemini)->Arg(1 << 11)->Arg(1 << 18)

BOTH(MapInsert);
BOTH(MapUpdate);
BOTH(MapWalk);
BOTH(ListAppend);
BOTH(ShortMapInsert);
BOTH(ShortListAppend);
BOTH(Timers);
BENCHMARK_TEMPLATE(MapWalkAfterErasing, InMemory);
BENCHMARK_TEMPLATE(MapWalkAfterErasing, Gemini);

}  // namespace
}  // namespace castor::state
