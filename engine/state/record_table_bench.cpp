// What it costs to fill a table, per record and in the batch that takes longest, and to update the
// records of keys drawn at random: the bound of what aggregates by key. The argument is the number
// of records.
#include "state/record_table.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>

#include "state/test_keys.h"

namespace castor::state {
namespace {

constexpr size_t kBatchRows = 1024;

void Fill(benchmark::State& state) {
  std::vector<KeyBatch> batches;
  std::vector<int64_t> values(kBatchRows);
  for (int64_t first = 0; first < state.range(0); first += kBatchRows) {
    std::iota(values.begin(), values.end(), first);
    batches.push_back(MakeKeys(values));
  }
  std::vector<int32_t> rows(kBatchRows);
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<std::byte*> records(kBatchRows);
  std::chrono::steady_clock::duration longest{};
  for (auto _ : state) {
    SegmentPool pool;
    RecordTable table(&pool, 32);
    for (const KeyBatch& batch : batches) {
      const auto begin = std::chrono::steady_clock::now();
      table.Lookup(batch, rows, AccessMode::kFindOrCreate, records.data(), nullptr);
      longest = std::max(longest, std::chrono::steady_clock::now() - begin);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batches.size() * kBatchRows));
  state.counters["longest_us"] = std::chrono::duration<double, std::micro>(longest).count();
}

BENCHMARK(Fill)->Arg(1 << 16)->Arg(1 << 20)->Arg(1 << 22)->Unit(benchmark::kMillisecond);

void UpdateRecords(benchmark::State& state) {
  const int64_t keys = state.range(0);
  SegmentPool pool;
  RecordTable table(&pool, 32);
  std::vector<int32_t> rows(kBatchRows);
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<std::byte*> records(kBatchRows);
  std::vector<int64_t> values(kBatchRows);
  for (int64_t first = 0; first < keys; first += kBatchRows) {
    std::iota(values.begin(), values.end(), first);
    table.Lookup(MakeKeys(values), rows, AccessMode::kFindOrCreate, records.data(), nullptr);
  }
  std::mt19937_64 random(1);
  std::vector<KeyBatch> batches;
  for (int i = 0; i < 1024; ++i) {
    for (int64_t& value : values) {
      value = static_cast<int64_t>(random() % static_cast<uint64_t>(keys));
    }
    batches.push_back(MakeKeys(values));
  }
  size_t next = 0;
  for (auto _ : state) {
    table.Lookup(batches[next], rows, AccessMode::kFindOrCreate, records.data(), nullptr);
    for (std::byte* record : records) ++*reinterpret_cast<int64_t*>(record);
    next = (next + 1) % batches.size();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kBatchRows) * 32);
}
BENCHMARK(UpdateRecords)->ArgName("keys")->Arg(1000)->Arg(1'000'000)->Arg(10'000'000);

}  // namespace
}  // namespace castor::state
