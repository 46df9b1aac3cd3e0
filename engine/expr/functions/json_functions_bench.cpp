// JSON functions over batches of 2048 texts, with rows and bytes (of JSON read) per second.
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "expr/expression_bench.h"

namespace castor::expr {
namespace {

constexpr int32_t kRows = 2048;
constexpr std::string_view kString = "VARCHAR(2147483647)";

// Bids as Nexmark's, some 170 bytes.
std::vector<std::string> Bids() {
  std::mt19937_64 random(1);
  std::vector<std::string> bids;
  for (int32_t i = 0; i < kRows; ++i) {
    bids.push_back(
        R"({"auction":)" + std::to_string(1000 + random() % 1000) + R"(,"bidder":)" +
        std::to_string(random() % 100'000) + R"(,"price":)" +
        std::to_string(random() % 100'000'000) + R"(,"channel":"channel-)" +
        std::to_string(random() % 10'000) +
        R"(","url":"https://www.nexmark.com/item.htm?query=1","tags":["a","b",{"c":1}]})");
  }
  return bids;
}

plan::ExpressionPtr Json() { return testing::Ref(0, kString); }
plan::ExpressionPtr Path(std::string_view path) {
  return testing::Lit(path, "VARCHAR(2147483647) NOT NULL");
}

void Run(benchmark::State& state, const plan::ExpressionPtr& expression) {
  const std::vector<std::string> bids = Bids();
  const auto bytes = std::accumulate(
      bids.begin(), bids.end(), int64_t{0},
      [](int64_t sum, auto& bid) { return sum + static_cast<int64_t>(bid.size()); });
  MeasureExpression(state, expression, testing::MakeBatch({testing::MakeColumn(kString, bids)}),
                    bytes, "Json/read_bytes");
}

void ReadBytes(benchmark::State& state) {
  const std::vector<std::string> bids = Bids();
  int64_t bytes = 0;
  for (auto _ : state) {
    bytes = 0;
    for (const std::string& bid : bids) {
      bytes += static_cast<int64_t>(bid.size());
      benchmark::DoNotOptimize(std::accumulate(bid.begin(), bid.end(), 0));
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * bytes);
}
BENCHMARK(ReadBytes)->Name("Json/read_bytes");

void IsJson(benchmark::State& state) {
  Run(state, testing::Call("IS JSON VALUE", "BOOLEAN", {Json()}));
}
BENCHMARK(IsJson)->Name("Json/is_json");

void JsonExists(benchmark::State& state) {
  Run(state, testing::Call("JSON_EXISTS", "BOOLEAN", {Json(), Path("$.tags[2].c")}));
}
BENCHMARK(JsonExists)->Name("Json/exists");

void JsonValue(benchmark::State& state) {
  Run(state, testing::Call("JSON_VALUE", kString, {Json(), Path("$.channel")}));
}
BENCHMARK(JsonValue)->Name("Json/value");

}  // namespace
}  // namespace castor::expr
