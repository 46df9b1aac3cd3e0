// DECIMAL arithmetic over batches of 2048 rows, with rows and bytes (of operands read and results
// written) per second: values whose products and sums fit 64 bits, and values that need 128 or
// more. Copying a column of the same width is their bound.
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "expr/decimal.h"
#include "expr/expression_bench.h"

namespace castor::expr {
namespace {

constexpr int32_t kRows = 2048;

// Values of up to `digits` digits, never 0.
ColumnPtr Decimals(int precision, int scale, int digits, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> values;
  for (int32_t i = 0; i < kRows; ++i) {
    int128_t value = 0;
    for (int digit = 0; digit < digits; ++digit) value = value * 10 + random() % 10;
    values.push_back(FormatDecimal(value + 1, scale));
  }
  return testing::MakeColumn(LogicalType::Decimal(precision, scale).ToString(), values);
}

void Run(benchmark::State& state, const std::string& function, std::string_view type, int precision,
         int scale, int digits) {
  const Batch batch = testing::MakeBatch(
      {Decimals(precision, scale, digits, 1), Decimals(precision, scale, digits, 2)});
  const std::string operand = LogicalType::Decimal(precision, scale).ToString();
  const plan::ExpressionPtr call =
      testing::Call(function, type, {testing::Ref(0, operand), testing::Ref(1, operand)});
  MeasureExpression(state, call, batch, kRows * (32 + (type == "BOOLEAN" ? 1 : 16)),
                    "Decimal/copy");
}

void Copy(benchmark::State& state) {
  const ColumnPtr column = Decimals(18, 2, 16, 1);
  std::vector<int128_t> copy(kRows);
  for (auto _ : state) {
    std::memcpy(copy.data(), column->values<int128_t>(), kRows * sizeof(int128_t));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 32);
}
BENCHMARK(Copy)->Name("Decimal/copy");

// With a digit to spare, nothing can go wrong; at 38 digits every row is checked.
BENCHMARK_CAPTURE(Run, add_long, "+", "DECIMAL(19, 2)", 18, 2, 16)->Name("Decimal/add_long");
BENCHMARK_CAPTURE(Run, add_wide, "+", "DECIMAL(38, 2)", 38, 2, 36)->Name("Decimal/add_wide");
BENCHMARK_CAPTURE(Run, multiply_long, "*", "DECIMAL(20, 4)", 10, 2, 9)
    ->Name("Decimal/multiply_long");
BENCHMARK_CAPTURE(Run, multiply_rounded, "*", "DECIMAL(38, 6)", 38, 18, 18)
    ->Name("Decimal/multiply_rounded");
BENCHMARK_CAPTURE(Run, multiply_wide, "*", "DECIMAL(38, 6)", 38, 18, 27)
    ->Name("Decimal/multiply_wide");
BENCHMARK_CAPTURE(Run, divide_long, "/", "DECIMAL(23, 13)", 10, 2, 9)->Name("Decimal/divide_long");
BENCHMARK_CAPTURE(Run, divide_wide, "/", "DECIMAL(38, 6)", 38, 18, 27)->Name("Decimal/divide_wide");
BENCHMARK_CAPTURE(Run, less_long, "<", "BOOLEAN", 18, 2, 16)->Name("Decimal/less_long");
BENCHMARK_CAPTURE(Run, less_wide, "<", "BOOLEAN", 38, 2, 36)->Name("Decimal/less_wide");

}  // namespace
}  // namespace castor::expr
