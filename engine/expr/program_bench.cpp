// Expressions of Nexmark's queries over one batch of bids, with rows per second and the bytes per
// second of what they read.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "expr/testing.h"

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

std::unique_ptr<Program> Compile(const plan::ExpressionPtr& expression, const Batch& batch) {
  std::vector<LogicalType::Field> fields;
  for (const ColumnPtr& column : batch.columns) {
    fields.push_back({"f" + std::to_string(fields.size()), column->type()});
  }
  const std::vector<plan::ExpressionPtr> expressions = {expression};
  auto program = Program::Compile(expressions, {nullptr, LogicalType::Row(fields)});
  return program.ok() ? std::move(program).value() : nullptr;
}

void EvaluateExpression(benchmark::State& state, const plan::ExpressionPtr& expression,
                        int64_t bytes_per_row) {
  const Batch batch = Bids();
  const std::unique_ptr<Program> program = Compile(expression, batch);
  if (program == nullptr || !program->Evaluate(0, batch, {nullptr, kRows}, {}).ok()) {
    state.SkipWithError("the expression does not evaluate");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(program->Evaluate(0, batch, {nullptr, kRows}, {}));
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * bytes_per_row);
}
BENCHMARK_CAPTURE(EvaluateExpression, decimal_product, Euros(), 8);
BENCHMARK_CAPTURE(EvaluateExpression, case_of_two, Band(), 8);
BENCHMARK_CAPTURE(EvaluateExpression, lower, Lower(), 16);
BENCHMARK_CAPTURE(EvaluateExpression, like_prefix, Starts(), 16);

void FilterRows(benchmark::State& state) {
  const Batch batch = Bids();
  const std::unique_ptr<Program> program = Compile(EveryNth(), batch);
  std::vector<int32_t> rows;
  for (auto _ : state) {
    rows.clear();
    if (program == nullptr || !program->Filter(0, batch, {nullptr, kRows}, {}, &rows).ok()) {
      state.SkipWithError("the condition does not evaluate");
      return;
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(FilterRows);

}  // namespace
}  // namespace castor::expr
