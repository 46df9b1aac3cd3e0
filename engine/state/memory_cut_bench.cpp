// What a checkpoint costs the owner of a value state: the cut itself, a lookup with and without a
// cut on its way, and saving and writing a record. The argument is the number of records.
#include <benchmark/benchmark.h>

#include <numeric>
#include <random>

#include "state/snapshot.h"
#include "state/test_keys.h"

namespace castor::state {
namespace {

constexpr int32_t kBatchRows = 1024;

struct Filled {
  explicit Filled(int64_t records) {
    value = *store->OpenValue({"value", {32, {}}, "bench", 1, 0});
    std::vector<int64_t> values(kBatchRows);
    for (int64_t first = 0; first < records; first += kBatchRows) {
      std::iota(values.begin(), values.end(), first);
      Touch(MakeKeys(values));
    }
    std::mt19937_64 random(1);
    for (int i = 0; i < 256; ++i) {
      for (int64_t& each : values) {
        each = static_cast<int64_t>(random() % static_cast<uint64_t>(records));
      }
      batches.push_back(MakeKeys(values));
    }
  }

  void Touch(const KeyBatch& keys) {
    std::byte* records[kBatchRows];
    benchmark::DoNotOptimize(
        value->Acquire(keys, AccessMode::kFindOrCreate, records, nullptr).ok());
    for (std::byte* record : records) ++*reinterpret_cast<int64_t*>(record);
    value->Release();
  }

  std::unique_ptr<SnapshottableStore> store =
      MakeMemoryStore("bench", {0, 127}, 128, Clock::System());
  ValueState* value = nullptr;
  std::vector<KeyBatch> batches;
};

using Work = SnapshottableStore::Work;

// Saves and writes the rest of the last cut; the bytes.
int64_t Finish(SnapshottableStore& store, StateCut& cut) {
  int64_t bytes = 0;
  const ByteSink count = [&bytes](std::string_view part) {
    bytes += static_cast<int64_t>(part.size());
    return Status::OK();
  };
  while (store.Maintain(true, std::chrono::seconds(10)) != Work::kNone) {
    benchmark::DoNotOptimize(cut.Write(count).ok());
  }
  benchmark::DoNotOptimize(cut.Write(count).ok());
  return bytes;
}

void Cut(benchmark::State& state) {
  Filled filled(state.range(0));
  for (auto _ : state) {
    std::unique_ptr<StateCut> cut = filled.store->Cut(SnapshotFormat::kNative, {}).value();
    state.PauseTiming();
    Finish(*filled.store, *cut);
    cut.reset();
    state.ResumeTiming();
  }
}

void Save(benchmark::State& state) {
  Filled filled(state.range(0));
  int64_t bytes = 0;
  for (auto _ : state) {
    const auto cut = filled.store->Cut(SnapshotFormat::kNative, {}).value();
    bytes += Finish(*filled.store, *cut);
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * state.range(0));
}

void Update(benchmark::State& state, bool cutting) {
  Filled filled(state.range(0));
  std::unique_ptr<StateCut> cut;
  if (cutting) cut = filled.store->Cut(SnapshotFormat::kNative, {}).value();
  size_t next = 0;
  for (auto _ : state) filled.Touch(filled.batches[next++ % filled.batches.size()]);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * kBatchRows);
}

void UpdateWithoutACut(benchmark::State& state) { Update(state, false); }
void UpdateDuringACut(benchmark::State& state) { Update(state, true); }

// Each cut is saved outside of the measured time, which takes a thousand times as long.
BENCHMARK(Cut)->Arg(1 << 16)->Arg(1 << 22)->Unit(benchmark::kMicrosecond)->Iterations(5);
BENCHMARK(Save)->Arg(1 << 16)->Arg(1 << 20)->Unit(benchmark::kMillisecond);
BENCHMARK(UpdateWithoutACut)->Arg(1 << 16)->Arg(1 << 20);
BENCHMARK(UpdateDuringACut)->Arg(1 << 16)->Arg(1 << 20);

}  // namespace
}  // namespace castor::state
