// Kernels over batches of 2048 rows, with rows per second and bytes per second of what they write;
// a copy of memory of the same batch size, in the cache, is the yardstick.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "column/binary_row.h"
#include "column/gather.h"
#include "column/test_columns.h"

namespace castor {
namespace {

constexpr int32_t kRows = 2048;

void Report(benchmark::State& state, int64_t bytes) {
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * bytes);
}

ColumnPtr Longs(bool nulls = false) {
  std::mt19937_64 random(1);
  MutableColumnPtr column = Column::MakeFlat(LogicalType::BigInt(), kRows);
  for (int32_t i = 0; i < kRows; ++i) {
    column->mutable_values<int64_t>()[i] = static_cast<int64_t>(random());
    if (nulls && i % 10 == 0) column->SetNull(i);
  }
  return column;
}

// Texts of 8 to 31 bytes: some in the reference, most beside it.
ColumnPtr Texts() {
  std::mt19937_64 random(2);
  std::vector<std::optional<std::string>> texts;
  for (int32_t i = 0; i < kRows; ++i) texts.emplace_back(std::string(8 + random() % 24, 'x'));
  return MakeStrings(texts);
}

std::vector<int32_t> RandomRows() {
  std::mt19937_64 random(3);
  std::vector<int32_t> rows(kRows);
  for (int32_t& row : rows) row = static_cast<int32_t>(random() % kRows);
  return rows;
}

// A key of one number; a state row as wide as a Nexmark bid; a row with strings.
std::vector<ColumnPtr> RowOf(int64_t shape) {
  if (shape == 0) return {Longs()};
  if (shape == 1) return {Longs(), Longs(), Longs(), Longs(), Longs(), Longs()};
  return {Longs(), Texts(), Longs(true), Texts()};
}

BinaryRowCodec CodecOf(const std::vector<ColumnPtr>& columns) {
  std::vector<LogicalType> types;
  for (const ColumnPtr& column : columns) types.push_back(column->type());
  return BinaryRowCodec(std::move(types));
}

void CopyMemory(benchmark::State& state) {
  std::vector<char> source(kRows * 16);
  std::vector<char> target(kRows * 16);
  for (auto _ : state) {
    std::memcpy(target.data(), source.data(), source.size());
    benchmark::ClobberMemory();
  }
  Report(state, kRows * 16);
}
BENCHMARK(CopyMemory);

void GatherColumn(benchmark::State& state, const ColumnPtr& column) {
  const std::vector<int32_t> rows = RandomRows();
  for (auto _ : state) benchmark::DoNotOptimize(Gather(*column, rows.data(), kRows));
  Report(state, kRows * PhysicalWidth(column->physical()));
}
BENCHMARK_CAPTURE(GatherColumn, bigint, Longs());
BENCHMARK_CAPTURE(GatherColumn, bigint_nulls, Longs(true));
BENCHMARK_CAPTURE(GatherColumn, string, Texts());

void ConcatColumns(benchmark::State& state, const ColumnPtr& column) {
  const std::vector<ColumnPtr> parts = {Slice(column, 0, 1000), Slice(column, 1000, 1048)};
  for (auto _ : state) benchmark::DoNotOptimize(Concat(parts));
  Report(state, kRows * PhysicalWidth(column->physical()));
}
BENCHMARK_CAPTURE(ConcatColumns, bigint, Longs());
BENCHMARK_CAPTURE(ConcatColumns, bigint_nulls, Longs(true));

void EncodeRows(benchmark::State& state) {
  const std::vector<ColumnPtr> columns = RowOf(state.range(0));
  const BinaryRowCodec codec = CodecOf(columns);
  EncodedRows rows;
  for (auto _ : state) {
    codec.Encode(columns, kRows, &rows);
    benchmark::ClobberMemory();
  }
  Report(state, static_cast<int64_t>(rows.bytes.size()));
}
BENCHMARK(EncodeRows)->ArgName("shape")->DenseRange(0, 2);

void DecodeRows(benchmark::State& state) {
  const std::vector<ColumnPtr> columns = RowOf(state.range(0));
  const BinaryRowCodec codec = CodecOf(columns);
  EncodedRows rows;
  codec.Encode(columns, kRows, &rows);
  std::vector<const char*> pointers;
  for (int32_t i = 0; i < kRows; ++i) pointers.push_back(rows.row(i).data());
  for (auto _ : state) benchmark::DoNotOptimize(codec.Decode(pointers));
  Report(state, static_cast<int64_t>(rows.bytes.size()));
}
BENCHMARK(DecodeRows)->ArgName("shape")->DenseRange(0, 2);

void HashRows(benchmark::State& state) {
  const std::vector<ColumnPtr> columns = RowOf(state.range(0));
  EncodedRows rows;
  CodecOf(columns).Encode(columns, kRows, &rows);
  std::vector<int32_t> hashes(kRows);
  for (auto _ : state) {
    HashBinaryRows(rows, hashes.data());
    benchmark::ClobberMemory();
  }
  Report(state, static_cast<int64_t>(rows.bytes.size()));
}
BENCHMARK(HashRows)->ArgName("shape")->DenseRange(0, 2);

void KeyGroups(benchmark::State& state) {
  std::mt19937 random(4);
  std::vector<int32_t> hashes(kRows);
  for (int32_t& hash : hashes) hash = static_cast<int32_t>(random());
  std::vector<int32_t> groups(kRows);
  const auto max_parallelism = static_cast<int32_t>(state.range(0));
  for (auto _ : state) {
    KeyGroupsOf(hashes.data(), kRows, max_parallelism, groups.data());
    benchmark::ClobberMemory();
  }
  Report(state, kRows * 4);
}
BENCHMARK(KeyGroups)->ArgName("max_parallelism")->Arg(128);

}  // namespace
}  // namespace castor
