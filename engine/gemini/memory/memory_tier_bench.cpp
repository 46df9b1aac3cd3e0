// What a snapshot costs the owner of about a gigabyte of changed records, and how many bytes are
// saved for those that have changed when one in a hundred has, evenly scattered.
#include "gemini/memory/memory_tier.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

constexpr uint64_t kRecords = uint64_t{1} << 24;  // of 64 bytes with header and key
constexpr size_t kBatch = 1024;
using Clock = std::chrono::steady_clock;

double Micros(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

struct Filled {
  Filled() {
    for (uint64_t first = 0; first < kRecords; first += kBatch) {
      NumberKeys keys;
      for (uint64_t i = 0; i < kBatch; ++i) keys.Add(first + i);
      Touch(keys);
    }
  }
  Clock::duration Touch(const NumberKeys& keys) {
    std::byte* payloads[kBatch];
    const auto begin = Clock::now();
    table->Lookup(keys.view(), Access::kFindOrCreate, 0, payloads, nullptr, &missing);
    for (size_t i = 0; i < keys.view().count; ++i) ++*reinterpret_cast<int64_t*>(payloads[i]);
    return Clock::now() - begin;
  }
  NumberKeys AnyKeys() {
    NumberKeys keys;
    for (size_t i = 0; i < kBatch; ++i) keys.Add(random() % kRecords);
    return keys;
  }
  // Saves what the cut holds a thousand records at a time; the bytes. Buffers are let go when they
  // are full, as if they were written at once.
  int64_t Finish() {
    int64_t bytes = 0;
    bool more = true;
    while (more) {
      EntryBuffer buffer;
      tier.SetCutBuffer(&buffer);
      while (more && buffer.charged_bytes() < 16 << 20) more = Slice();
      for (size_t i = 0; i < buffer.size(); ++i) {
        const Entry entry = buffer.EntryAt(i);
        bytes += static_cast<int64_t>(entry.key.size() + entry.value.size());
      }
    }
    tier.EndCut(true);
    const auto begin = Clock::now();
    while (tier.Settle(64)) {
    }
    settle = Clock::now() - begin;
    return bytes;
  }
  bool Slice() {
    const auto begin = Clock::now();
    const bool more = tier.SaveSome(1000);
    longest_slice = std::max(longest_slice, Clock::now() - begin);
    return more;
  }

  MemoryTier tier{128, GroupOfHash};
  RecordTable* const table = tier.AddTable({{0, 0}, {32, {}}, 0});
  std::vector<uint32_t> missing;
  std::mt19937_64 random{1};
  Clock::duration longest_slice{}, settle{};
};

// The pause is the cut itself; `batch_us` is the longest batch of 1024 updates right after it.
void CutOfAGigabyte(benchmark::State& state) {
  Filled filled;
  for (auto _ : state) {
    EntryBuffer buffer;
    const auto begin = Clock::now();
    filled.tier.StartCut(&buffer);
    const auto pause = Clock::now() - begin;
    state.SetIterationTime(std::chrono::duration<double>(pause).count());
    Clock::duration longest{};
    for (int i = 0; i < 100; ++i) longest = std::max(longest, filled.Touch(filled.AnyKeys()));
    state.counters["batch_us"] = Micros(longest);
    const auto saving = Clock::now();
    const int64_t bytes = filled.Finish();
    state.counters["save_ms"] = Micros(Clock::now() - saving) / 1000;
    state.counters["slice_us"] = Micros(filled.longest_slice);
    state.counters["settle_us"] = Micros(filled.settle);
    state.counters["changed_mb"] = static_cast<double>(bytes) / 1e6;
    state.counters["tier_mb"] = static_cast<double>(filled.tier.charged_bytes()) / 1e6;
  }
}
BENCHMARK(CutOfAGigabyte)->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);

void OneInAHundredChanged(benchmark::State& state) {
  Filled filled;
  EntryBuffer first;
  filled.tier.StartCut(&first);
  filled.Finish();
  for (auto _ : state) {
    std::vector<bool> touched(kRecords);
    uint64_t changed = 0;
    while (changed < kRecords / 100) {
      NumberKeys keys;
      for (size_t i = 0; i < kBatch; ++i) {
        const uint64_t number = filled.random() % kRecords;
        changed += !touched[number];
        touched[number] = true;
        keys.Add(number);
      }
      filled.Touch(keys);
    }
    EntryBuffer buffer;
    const auto begin = Clock::now();
    filled.tier.StartCut(&buffer);
    const int64_t bytes = filled.Finish();
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
    state.counters["saved_per_changed_byte"] =
        static_cast<double>(bytes) / static_cast<double>(changed * (32 + NumberKeys::kWidth));
  }
}
BENCHMARK(OneInAHundredChanged)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace castor::gemini
