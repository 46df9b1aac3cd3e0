// Expressions of Nexmark's queries over one batch of bids, with rows per second and the bytes per
// second of what they read.
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "expr/expression_bench.h"

namespace castor::expr {
namespace {

using testing::Call;
using testing::Lit;
using testing::Ref;

constexpr int32_t kRows = 4096;

// auction, price, channel of kRows bids.
Batch Bids() {
  std::mt19937_64 random(1);
  std::vector<std::string> auctions;
  std::vector<std::string> prices;
  std::vector<std::string> channels;
  const std::vector<std::string> names = {"Google", "Facebook", "Baidu", "Apple", "channel-4711"};
  for (int32_t i = 0; i < kRows; ++i) {
    auctions.push_back(std::to_string(1000 + random() % 1000));
    prices.push_back(std::to_string(100 + random() % 100'000'000));
    channels.push_back(names[random() % names.size()]);
  }
  return testing::MakeBatch({testing::MakeColumn("BIGINT NOT NULL", auctions),
                             testing::MakeColumn("BIGINT NOT NULL", prices),
                             testing::MakeColumn("VARCHAR(2147483647)", channels)});
}

plan::ExpressionPtr Auction() { return Ref(0, "BIGINT NOT NULL"); }
plan::ExpressionPtr Price() { return Ref(1, "BIGINT NOT NULL"); }
plan::ExpressionPtr Channel() { return Ref(2, "VARCHAR(2147483647)"); }
plan::ExpressionPtr Text(std::string_view value) { return Lit(value, "VARCHAR(2147483647)"); }

plan::ExpressionPtr EveryNth() {
  return Call(
      "=", "BOOLEAN",
      {Call("MOD", "INT", {Auction(), Lit("123", "INT NOT NULL")}), Lit("0", "INT NOT NULL")});
}
plan::ExpressionPtr Euros() {
  return Call("*", "DECIMAL(23, 3)", {Lit("0.908", "DECIMAL(4, 3) NOT NULL"), Price()});
}
plan::ExpressionPtr Band() {
  return Call("CASE", "VARCHAR(2147483647)",
              {Call("<", "BOOLEAN", {Price(), Lit("10000", "BIGINT NOT NULL")}), Text("low"),
               Call("<", "BOOLEAN", {Price(), Lit("1000000", "BIGINT NOT NULL")}), Text("middle"),
               Text("high")});
}
plan::ExpressionPtr Lower() { return Call("LOWER", "VARCHAR(2147483647)", {Channel()}); }
plan::ExpressionPtr Starts() { return Call("LIKE", "BOOLEAN", {Channel(), Text("channel-%")}); }

// The bound of all: a column of 8 bytes read and one written.
void CopyPrices(benchmark::State& state) {
  const Batch batch = Bids();
  std::vector<int64_t> copy(kRows);
  for (auto _ : state) {
    std::memcpy(copy.data(), batch.columns[1]->values<int64_t>(), kRows * sizeof(int64_t));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(CopyPrices);
constexpr char kBound[] = "CopyPrices";

void EvaluateExpression(benchmark::State& state, const plan::ExpressionPtr& expression,
                        int64_t bytes_per_row) {
  MeasureExpression(state, expression, Bids(), kRows * bytes_per_row, kBound);
}
BENCHMARK_CAPTURE(EvaluateExpression, decimal_product, Euros(), 8);
BENCHMARK_CAPTURE(EvaluateExpression, case_of_two, Band(), 8);
BENCHMARK_CAPTURE(EvaluateExpression, lower, Lower(), 16);
BENCHMARK_CAPTURE(EvaluateExpression, like_prefix, Starts(), 16);

void FilterRows(benchmark::State& state) {
  const Batch batch = Bids();
  const std::vector<plan::ExpressionPtr> conditions = {EveryNth()};
  const LogicalType row = LogicalType::Row({{"auction", LogicalType::BigInt(false)}});
  const auto program = Program::Compile(conditions, {nullptr, row});
  if (!program.ok()) return state.SkipWithError(program.status().ToString().c_str());
  std::vector<int32_t> rows;
  for (auto _ : state) {
    rows.clear();
    const Status status = (*program)->Filter(0, batch, {nullptr, kRows}, {}, &rows);
    if (!status.ok()) return state.SkipWithError(status.ToString().c_str());
    benchmark::ClobberMemory();
  }
  state.SetLabel(kBound);
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(FilterRows);

}  // namespace
}  // namespace castor::expr
