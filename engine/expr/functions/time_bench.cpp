// Functions of time over batches of 2048 rows, with rows and bytes (of timestamps read) per second.
// Copying the timestamps is the bound of those that give numbers, writing short texts of those
// that give text.
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "expr/expression_bench.h"

namespace castor::expr {
namespace {

constexpr int32_t kRows = 2048;
constexpr std::string_view kTimestamp = "TIMESTAMP(3)";
constexpr std::string_view kString = "VARCHAR(2147483647)";

// A row every 10 ms, as in a stream; or at any time within three weeks.
ColumnPtr Times(bool ordered = true) {
  std::mt19937_64 random(1);
  MutableColumnPtr column = Column::MakeFlat(LogicalType::Timestamp(3), kRows);
  for (int32_t i = 0; i < kRows; ++i) {
    column->mutable_values<int64_t>()[i] =
        1'780'000'000'000 +
        (ordered ? int64_t{10} * i : static_cast<int64_t>(random() % 1'800'000'000));
  }
  return column;
}

plan::ExpressionPtr Time() { return testing::Ref(0, kTimestamp); }

void Run(benchmark::State& state, const plan::ExpressionPtr& expression, const std::string& bound,
         bool ordered = true) {
  MeasureExpression(state, expression, testing::MakeBatch({Times(ordered)}), kRows * 8, bound);
}

void CopyTimes(benchmark::State& state) {
  const ColumnPtr times = Times();
  std::vector<int64_t> copy(kRows);
  for (auto _ : state) {
    std::memcpy(copy.data(), times->values<int64_t>(), kRows * sizeof(int64_t));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(CopyTimes)->Name("Time/copy");

void WriteTexts(benchmark::State& state) {
  std::vector<StringRef> texts(kRows);
  char text[] = "2026-01-02";
  for (auto _ : state) {
    for (StringRef& each : texts) {
      benchmark::DoNotOptimize(text);
      each = StringRef(text, sizeof(text) - 1);
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(WriteTexts)->Name("Time/write_texts");

void Extract(benchmark::State& state, std::string_view unit) {
  Run(state, testing::Call("EXTRACT", "BIGINT", {testing::Symbol(unit), Time()}), "Time/copy");
}
BENCHMARK_CAPTURE(Extract, , "HOUR")->Name("Time/extract_hour");
BENCHMARK_CAPTURE(Extract, , "DAY")->Name("Time/extract_day");
BENCHMARK_CAPTURE(Extract, , "YEAR")->Name("Time/extract_year");

void Floor(benchmark::State& state, std::string_view unit) {
  Run(state, testing::Call("FLOOR", kTimestamp, {Time(), testing::Symbol(unit)}), "Time/copy");
}
BENCHMARK_CAPTURE(Floor, , "HOUR")->Name("Time/floor_hour");
BENCHMARK_CAPTURE(Floor, , "MONTH")->Name("Time/floor_month");

void DateFormat(benchmark::State& state, std::string_view pattern, bool ordered) {
  Run(state,
      testing::Call("DATE_FORMAT", kString,
                    {Time(), testing::Lit(pattern, "VARCHAR(2147483647) NOT NULL")}),
      "Time/write_texts", ordered);
}
BENCHMARK_CAPTURE(DateFormat, , "yyyy-MM-dd", true)->Name("Time/format_date");
BENCHMARK_CAPTURE(DateFormat, , "HH:mm", true)->Name("Time/format_minute");
BENCHMARK_CAPTURE(DateFormat, , "yyyy-MM-dd HH:mm:ss.SSS", true)->Name("Time/format_all");
BENCHMARK_CAPTURE(DateFormat, , "yyyy-MM-dd", false)->Name("Time/format_unordered_date");

}  // namespace
}  // namespace castor::expr
