// What the hash sink costs per row of Nexmark's q0: three numbers, a timestamp, 68 bytes of text.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "column/test_columns.h"
#include "connector/hash/row_hash.h"

namespace castor::connector::hash {
namespace {

void BM_HashBids(benchmark::State& state) {
  constexpr int32_t kRows = 1024;
  std::vector<std::optional<int64_t>> numbers;
  std::vector<std::optional<std::string>> texts;
  for (int32_t i = 0; i < kRows; ++i) {
    numbers.push_back(i);
    texts.push_back(std::string(static_cast<size_t>(54 + i % 28), 'x'));
  }
  const ColumnPtr number = MakeColumn<int64_t>(LogicalType::BigInt(), numbers);
  const ColumnPtr time = MakeColumn<int64_t>(LogicalType::Timestamp(3), numbers);
  const std::vector<ColumnPtr> columns = {number, number, number, time, MakeStrings(texts)};
  std::vector<uint64_t> hashes(kRows);
  for (auto _ : state) {
    HashRows(columns, kRows, hashes.data());
    benchmark::DoNotOptimize(hashes.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(BM_HashBids);

}  // namespace
}  // namespace castor::connector::hash
