// Gemini's rows of windows beside the in-memory store's, in one run. The arguments are the number
// of keys of a window and the rows of each, which have 100 bytes and come key after key.
#include <benchmark/benchmark.h>

#include "gemini/memory/memory_tier.h"
#include "state/memory_window_state.h"
#include "state/test_keys.h"

namespace castor::state {
namespace {

constexpr size_t kBatchRows = 1024;
constexpr TimestampMs kWindow = 60'000;

uint32_t GroupOf(uint32_t hash, uint32_t key_groups) {
  return static_cast<uint32_t>(
      KeyGroupOf(static_cast<int32_t>(hash), static_cast<int32_t>(key_groups)));
}

struct Rows {
  std::vector<KeyBatch> batches;
  std::vector<TimestampMs> windows = std::vector<TimestampMs>(kBatchRows, kWindow);
  std::string row = std::string(100, 'r');
  std::vector<std::string_view> views = std::vector<std::string_view>(kBatchRows, row);

  size_t size() const { return batches.size() * kBatchRows; }
};

Rows MakeRows(const benchmark::State& state) {
  Rows rows;
  const int64_t keys = state.range(0);
  int64_t next = 0;
  std::vector<int64_t> values(kBatchRows);
  while (next < keys * state.range(1)) {
    for (int64_t& value : values) value = next++ % keys;
    rows.batches.push_back(MakeKeys(values));
  }
  return rows;
}

class InMemory {
 public:
  void Append(const Rows& rows, const KeyBatch& keys) {
    if (!list_.Append(rows.windows, keys, rows.views).ok()) std::abort();
  }
  // Of all rows, by the keys of the window, and looked up by the keys of a batch.
  size_t Walk() {
    size_t bytes = 0;
    for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
      if (!list_.Keys(kWindow, &cursor, kBatchRows, &keys_).ok()) std::abort();
      for (const WindowListState::Key& key : keys_) bytes += Values(key.handle);
    }
    return bytes;
  }
  size_t Locate(const KeyBatch& keys) {
    if (!list_.Locate(kWindow, keys, &handles_).ok()) std::abort();
    size_t bytes = 0;
    for (const uint64_t handle : handles_) bytes += Values(handle);
    return bytes;
  }
  void Drop() { list_.Drop(kWindow); }

 private:
  size_t Values(uint64_t handle) {
    size_t bytes = 0;
    for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
      if (!list_.Values(handle, &cursor, kBatchRows, &page_).ok()) std::abort();
      for (const std::string_view row : page_) bytes += static_cast<uint8_t>(row[0]);
    }
    return bytes;
  }

  SegmentPool pool_;
  const StoreContext context_ = [this] {
    StoreContext context{};
    context.pool = &pool_;
    context.max_parallelism = 128;
    return context;
  }();
  MemoryWindowListState list_{context_, {}};
  std::vector<uint64_t> handles_;
  std::vector<WindowListState::Key> keys_;
  std::vector<std::string_view> page_;
};

class Gemini {
 public:
  void Append(const Rows& rows, const KeyBatch& keys) {
    list_->Append(rows.windows, ViewOf(keys), rows.views);
  }
  size_t Walk() {
    list_->Hold(kWindow);
    size_t bytes = 0;
    for (uint64_t cursor = 0; cursor != gemini::WindowListTable::kEnd;) {
      keys_.clear();
      list_->WalkKeys(kWindow, &cursor, kBatchRows, &keys_);
      for (const gemini::WindowListTable::Key& key : keys_) bytes += Values(key.handle);
    }
    return bytes;
  }
  size_t Locate(const KeyBatch& keys) {
    list_->Locate(kWindow, ViewOf(keys), &handles_);
    size_t bytes = 0;
    for (const uint64_t handle : handles_) bytes += Values(handle);
    return bytes;
  }
  void Drop() {
    list_->Drop(kWindow);
    while (tier_.FreeDropped(4096)) {
    }
  }

 private:
  size_t Values(uint64_t handle) {
    size_t bytes = 0;
    for (uint64_t cursor = 0; cursor != gemini::WindowListTable::kEnd;) {
      page_.clear();
      gemini::WindowListTable::WalkRows(handle, &cursor, kBatchRows, &page_);
      for (const std::string_view row : page_) bytes += static_cast<uint8_t>(row[0]);
    }
    return bytes;
  }
  static gemini::Keys ViewOf(const KeyBatch& keys) {
    return {keys.rows.bytes.data(), static_cast<size_t>(keys.rows.fixed_width),
            keys.rows.offsets.data(), keys.hashes.data(), keys.hashes.size()};
  }

  gemini::MemoryTier tier_{128, GroupOf};
  gemini::WindowListTable* const list_ = tier_.AddWindowListTable({});
  std::vector<uint64_t> handles_;
  std::vector<gemini::WindowListTable::Key> keys_;
  std::vector<std::string_view> page_;
};

// A window comes and goes.
template <typename Store>
void WindowListAppend(benchmark::State& state) {
  const Rows rows = MakeRows(state);
  Store store;
  for (auto _ : state) {
    for (const KeyBatch& batch : rows.batches) store.Append(rows, batch);
    store.Drop();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows.size()));
}

template <typename Store>
void WindowListWalk(benchmark::State& state) {
  const Rows rows = MakeRows(state);
  Store store;
  for (const KeyBatch& batch : rows.batches) store.Append(rows, batch);
  for (auto _ : state) benchmark::DoNotOptimize(store.Walk());
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows.size()));
}

template <typename Store>
void WindowListLocate(benchmark::State& state) {
  const Rows rows = MakeRows(state);
  Store store;
  for (const KeyBatch& batch : rows.batches) store.Append(rows, batch);
  size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(store.Locate(rows.batches[next++ * 7919 % rows.batches.size()]));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows));
}

#define SIZES ->Args({1 << 12, 1})->Args({1 << 20, 1})->Args({1 << 17, 5})->Args({64, 4096})
#define BOTH(what)                          \
  BENCHMARK_TEMPLATE(what, InMemory) SIZES; \
  BENCHMARK_TEMPLATE(what, Gemini) SIZES

BOTH(WindowListAppend);
BOTH(WindowListWalk);
BENCHMARK_TEMPLATE(WindowListLocate, InMemory)->Args({1 << 12, 1})->Args({1 << 20, 1});
BENCHMARK_TEMPLATE(WindowListLocate, Gemini)->Args({1 << 12, 1})->Args({1 << 20, 1});

}  // namespace
}  // namespace castor::state
