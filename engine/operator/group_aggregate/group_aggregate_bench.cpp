// Rows per second of COUNT(*) and SUM(BIGINT) grouped by a BIGINT, keys drawn at random: row by row
// (every change emitted) and folded into mini-batches.
#include <benchmark/benchmark.h>

#include <random>

#include "operator/api/operator_bench_context.h"
#include "operator/group_aggregate/group_aggregate.h"

namespace castor::group_aggregate {
namespace {

constexpr int32_t kBatchRows = 4096;

LogicalType InputRow() {
  return LogicalType::Row({{"k", LogicalType::BigInt(false)}, {"v", LogicalType::BigInt(false)}},
                          false);
}

plan::AggregateCall Call(std::string function, std::vector<int32_t> args, bool nullable) {
  plan::AggregateCall call;
  call.function = std::move(function);
  call.args = std::move(args);
  call.type = LogicalType::BigInt(nullable);
  return call;
}

std::vector<Batch> RandomBatches(int64_t keys, int count) {
  std::mt19937_64 random(1);
  std::vector<Batch> batches;
  for (int b = 0; b < count; ++b) {
    std::vector<ColumnPtr> columns;
    for (int c = 0; c < 2; ++c) {
      MutableColumnPtr column = Column::MakeFlat(LogicalType::BigInt(false), kBatchRows);
      for (int32_t i = 0; i < kBatchRows; ++i) {
        column->mutable_values<int64_t>()[i] =
            static_cast<int64_t>(random() % static_cast<uint64_t>(keys));
      }
      columns.push_back(std::move(column));
    }
    batches.emplace_back(kBatchRows, std::move(columns));
  }
  return batches;
}

void Drain(Output* out) {
  while (!out->empty()) benchmark::DoNotOptimize(out->Pop());
}

// Arguments: number of keys, rows of a mini-batch (0: row by row).
void BM_CountSumByBigint(benchmark::State& state) {
  plan::GroupAggregate node;
  node.grouping = {0};
  node.calls = {Call("COUNT", {}, false), Call("SUM", {1}, true)};
  node.call_retractions = {false, false};
  node.generate_update_before = true;
  if (state.range(1) > 0) {
    node.configuration = {{"table.exec.mini-batch.enabled", "true"},
                          {"table.exec.mini-batch.size", std::to_string(state.range(1))}};
  }
  const plan::Bundle bundle;
  BenchOperatorContext context(kBatchRows);
  auto made = GroupAggregate::Make({node, bundle, {InputRow()}});
  if (!made.ok() || !(*made)->Open(context).ok()) {
    state.SkipWithError("cannot make the operator");
    return;
  }
  Operator& op = **made;
  Output out(int64_t{1} << 40);
  const int64_t keys = state.range(0);
  // All keys are there before measuring starts.
  const auto warm_up = static_cast<int>(keys / kBatchRows * 3 + 1);
  const std::vector<Batch> batches = RandomBatches(keys, std::max(warm_up, 1024));
  for (int i = 0; i < warm_up; ++i) {
    if (!op.Process(0, batches[static_cast<size_t>(i)], out).ok()) return;
    Drain(&out);
  }
  size_t next = 0;
  for (auto _ : state) {
    if (!op.Process(0, batches[next], out).ok()) return;
    Drain(&out);
    next = (next + 1) % batches.size();
  }
  state.SetItemsProcessed(state.iterations() * kBatchRows);
  state.SetBytesProcessed(state.iterations() * kBatchRows * 16);
  state.SetLabel("UpdateRecords/keys:" + std::to_string(keys));
}
BENCHMARK(BM_CountSumByBigint)
    ->ArgNames({"keys", "bundle"})
    ->Args({1000, 0})
    ->Args({1000000, 0})
    ->Args({10000000, 0})
    ->Args({1000, 4096})
    ->Args({1000000, 4096})
    ->Args({10000000, 4096})
    ->Args({1000000, 50000});

}  // namespace
}  // namespace castor::group_aggregate
