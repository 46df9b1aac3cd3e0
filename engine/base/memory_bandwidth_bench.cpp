// The yardstick of all kernels: what one core reads, writes and copies per second, in memory far
// larger than any cache and in the first-level cache.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace castor {
namespace {

constexpr int64_t kWords = (int64_t{256} << 20) / 8;
constexpr int64_t kCachedWords = (int64_t{16} << 10) / 8;

void Report(benchmark::State& state, int64_t words) {
  state.SetItemsProcessed(state.iterations() * words);
  state.SetBytesProcessed(state.iterations() * words * 8);
}

void ReadMemory(benchmark::State& state) {
  const int64_t words = state.range(0);
  const std::vector<uint64_t> from(static_cast<size_t>(words), 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(std::accumulate(from.begin(), from.end(), uint64_t{0}));
  }
  Report(state, words);
}
BENCHMARK(ReadMemory)->ArgName("words")->Arg(kWords)->Arg(kCachedWords);

void WriteMemory(benchmark::State& state) {
  const int64_t words = state.range(0);
  std::vector<uint64_t> to(static_cast<size_t>(words));
  for (auto _ : state) {
    std::memset(to.data(), 1, to.size() * 8);
    benchmark::ClobberMemory();
  }
  Report(state, words);
}
BENCHMARK(WriteMemory)->ArgName("words")->Arg(kWords)->Arg(kCachedWords);

// Bytes copied, each of them read and written.
void CopyMemory(benchmark::State& state) {
  const int64_t words = state.range(0);
  const std::vector<uint64_t> from(static_cast<size_t>(words), 1);
  std::vector<uint64_t> to(static_cast<size_t>(words));
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), to.size() * 8);
    benchmark::ClobberMemory();
  }
  Report(state, words);
}
BENCHMARK(CopyMemory)->ArgName("words")->Arg(kWords)->Arg(kCachedWords);

}  // namespace
}  // namespace castor
