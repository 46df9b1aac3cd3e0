// For benchmarks: one expression, compiled once, evaluated over one batch again and again.
//
// The label of a benchmark names the one that is its bound: what a plain loop, or the best library
// for the same work, does with the same values. bench/micro prints the share of it that is reached.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "expr/program.h"
#include "expr/testing.h"

namespace castor::expr {

// `bytes` are those of the whole batch that the benchmark counts.
inline void MeasureExpression(benchmark::State& state, const plan::ExpressionPtr& expression,
                              const Batch& batch, int64_t bytes, const std::string& bound) {
  std::vector<LogicalType::Field> fields;
  for (const ColumnPtr& column : batch.columns) {
    fields.push_back({"f" + std::to_string(fields.size()), column->type()});
  }
  CompileOptions options;
  options.input_row = LogicalType::Row(std::move(fields));
  auto program = Program::Compile({&expression, 1}, options);
  if (!program.ok()) return state.SkipWithError(program.status().ToString().c_str());
  for (auto _ : state) {
    auto result = (*program)->Evaluate(0, batch, {nullptr, batch.num_rows}, {});
    if (!result.ok()) return state.SkipWithError(result.status().ToString().c_str());
    benchmark::DoNotOptimize(result);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * batch.num_rows);
  state.SetBytesProcessed(state.iterations() * bytes);
  state.SetLabel(bound);
}

}  // namespace castor::expr
