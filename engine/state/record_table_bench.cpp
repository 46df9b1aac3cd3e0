// What it costs to fill a table, per record and in the batch that takes longest. The argument is
// the number of records.
#include "state/record_table.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <numeric>

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

}  // namespace
}  // namespace castor::state
