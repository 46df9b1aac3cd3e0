// Rows per second of window joins, both sides counted: rows in, watermark, results out.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "operator/api/operator_bench_context.h"
#include "operator/window_join/window_join.h"

namespace castor::window_join {
namespace {

constexpr int32_t kBatchRows = 4096;
constexpr int64_t kWindowMs = 10'000;
const LogicalType kTime = LogicalType::Timestamp(3, false);
const LogicalType kRow = LogicalType::Row({{"k", LogicalType::BigInt(false)},
                                           {"v", LogicalType::BigInt(false)},
                                           {"window_start", kTime},
                                           {"window_end", kTime}});

plan::WindowJoin MakeNode() {
  plan::WindowJoin node;
  plan::WindowingStrategy windowing;
  windowing.kind = plan::WindowingStrategy::Kind::kWindowAttached;
  windowing.window.kind = plan::WindowSpec::Kind::kTumbling;
  windowing.window.size_ms = windowing.window.slide_ms = kWindowMs;
  windowing.time_attribute_type = kTime;
  windowing.window_start = 2;
  windowing.window_end = 3;
  node.left_windowing = node.right_windowing = windowing;
  std::vector<LogicalType::Field> fields = kRow.fields();
  fields.insert(fields.end(), kRow.fields().begin(), kRow.fields().end());
  node.output_type = LogicalType::Row(fields);
  return node;
}

// Keys from `first_key` on, `step` apart; the row's value is its number.
Batch MakeRows(int64_t first_key, int64_t step, int32_t rows, TimestampMs window_end) {
  std::vector<ColumnPtr> columns;
  for (int field = 0; field < 2; ++field) {
    MutableColumnPtr column = Column::MakeFlat(LogicalType::BigInt(false), rows);
    for (int32_t row = 0; row < rows; ++row) {
      column->mutable_values<int64_t>()[row] = first_key + step * row;
    }
    columns.push_back(std::move(column));
  }
  for (const TimestampMs time : {window_end - kWindowMs, window_end}) {
    MutableColumnPtr column = Column::MakeConstant(kTime, rows);
    *column->mutable_values<int64_t>() = time;
    columns.push_back(std::move(column));
  }
  return Batch(rows, std::move(columns));
}

void Drain(Output* out) {
  while (!out->empty()) benchmark::DoNotOptimize(out->Pop());
}

void Fire(WindowJoin* join, TimestampMs watermark, Output* out) {
  Result<Progress> progress = join->OnWatermark(watermark, *out);
  Drain(out);
  while (progress.ok() && *progress != Progress::kDone) {
    progress = join->Continue(*out);
    Drain(out);
  }
}

// As in Nexmark q8: keys are mostly seen once per window and side, and half of them match.
void BM_JoinByKey(benchmark::State& state) {
  const auto keys = static_cast<int32_t>(state.range(0));
  plan::WindowJoin node = MakeNode();
  node.spec.left_keys = node.spec.right_keys = {0};
  node.spec.filter_nulls = {true};
  WindowJoin join(node, kRow, kRow);
  BenchOperatorContext context(kBatchRows);
  if (!join.Open(context).ok()) return state.SkipWithError("open");
  Output out;
  TimestampMs end = kWindowMs;
  for ([[maybe_unused]] auto _ : state) {
    for (int32_t from = 0; from < keys; from += kBatchRows) {
      const int32_t rows = std::min(kBatchRows, keys - from);
      benchmark::DoNotOptimize(join.Process(0, MakeRows(from, 1, rows, end), out));
      benchmark::DoNotOptimize(join.Process(1, MakeRows(2 * from, 2, rows, end), out));
    }
    Fire(&join, end - 1, &out);
    end += kWindowMs;
  }
  state.SetItemsProcessed(state.iterations() * 2 * keys);
}
BENCHMARK(BM_JoinByKey)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

// As in Nexmark q5: no keys, many rows on the left, the maximum on the right, few pass `>=`.
void BM_JoinByCondition(benchmark::State& state) {
  const auto lefts = static_cast<int32_t>(state.range(0));
  plan::WindowJoin node = MakeNode();
  auto call = std::make_shared<plan::Expression>();
  call->kind = plan::ExpressionKind::kCall;
  call->type = LogicalType::Boolean(false);
  call->function = call->function_id = ">=";
  call->operands = {plan::InputRef(1, LogicalType::BigInt(false)),
                    plan::InputRef(5, LogicalType::BigInt(false))};
  node.spec.condition = call;
  WindowJoin join(node, kRow, kRow);
  BenchOperatorContext context(kBatchRows);
  if (!join.Open(context).ok()) return state.SkipWithError("open");
  Output out;
  TimestampMs end = kWindowMs;
  for ([[maybe_unused]] auto _ : state) {
    for (int32_t from = 0; from < lefts; from += kBatchRows) {
      const int32_t rows = std::min(kBatchRows, lefts - from);
      benchmark::DoNotOptimize(join.Process(0, MakeRows(from, 1, rows, end), out));
    }
    benchmark::DoNotOptimize(join.Process(1, MakeRows(lefts - 1, 1, 1, end), out));
    Fire(&join, end - 1, &out);
    end += kWindowMs;
  }
  state.SetItemsProcessed(state.iterations() * lefts);
}
BENCHMARK(BM_JoinByCondition)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace castor::window_join
