// Aggregate functions over batches of 4096 rows whose records are at hand, with rows and bytes (of
// arguments read) per second: values that go to one record of 1024 each, and DISTINCT, whose map
// knows all values already. Adding a number to a field of the same records is their bound.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <vector>

#include "aggregate/aggregator.h"
#include "state/record_io.h"

namespace castor::aggregate {
namespace {

constexpr int32_t kRows = 4096;
constexpr size_t kRecords = 1024;
constexpr char kBound[] = "Aggregate/add";

plan::AggregateCall Call(std::string function, LogicalType type, int32_t filter = -1) {
  plan::AggregateCall call;
  call.function = std::move(function);
  call.args = {0};
  call.type = std::move(type);
  call.filter_arg = filter;
  return call;
}

ColumnPtr Values(const LogicalType& type) {
  std::mt19937_64 random(1);
  MutableColumnPtr column = Column::MakeFlat(type, kRows);
  DispatchPhysical(type.physical(), [&]<typename T>() {
    T* values = column->mutable_values<T>();
    for (int32_t i = 0; i < kRows; ++i) {
      if constexpr (std::is_same_v<T, StringRef>) {
        values[i] = StringRef("channel-" + std::to_string(random() % 1000));
      } else {
        values[i] = static_cast<T>(random() % 1'000'000);
      }
    }
  });
  return column;
}

ColumnPtr Filter(uint64_t seed) {
  std::mt19937_64 random(seed);
  MutableColumnPtr column = Column::MakeFlat(LogicalType::Boolean(), kRows);
  for (int32_t i = 0; i < kRows; ++i) column->mutable_values<uint8_t>()[i] = random() % 3 == 0;
  return column;
}

// Zeroed records of one size, and which of them each row goes to.
class Records {
 public:
  explicit Records(const state::RecordLayout& layout)
      : io_(layout),
        size_(static_cast<size_t>(layout.fixed_size)),
        bytes_(kRecords * size_ / sizeof(Chunk)) {
    std::mt19937_64 random(2);
    for (int32_t i = 0; i < kRows; ++i) rows_.push_back(At(random() % kRecords));
  }
  ~Records() {
    for (size_t i = 0; i < kRecords; ++i) io_.Reset(At(i));
  }
  std::byte* const* rows() const { return rows_.data(); }

 private:
  struct alignas(16) Chunk {
    std::byte bytes[16];
  };
  std::byte* At(size_t record) {
    return reinterpret_cast<std::byte*>(bytes_.data()) + record * size_;
  }

  const state::RecordIo io_;
  const size_t size_;
  std::vector<Chunk> bytes_;
  std::vector<std::byte*> rows_;
};

void Add(benchmark::State& state) {
  state::RecordLayout layout;
  layout.fixed_size = 16;
  const Records records(layout);
  const ColumnPtr column = Values(LogicalType::BigInt());
  for (auto _ : state) {
    const auto* values = column->values<int64_t>();
    for (int32_t i = 0; i < kRows; ++i) {
      *reinterpret_cast<int64_t*>(records.rows()[i]) += values[i];
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(Add)->Name(kBound);

void Accumulate(benchmark::State& state, AggregateSpec spec, std::vector<ColumnPtr> columns,
                int64_t bytes_per_row) {
  std::vector<LogicalType::Field> fields;
  for (const ColumnPtr& column : columns) {
    fields.push_back({"f" + std::to_string(fields.size()), column->type()});
  }
  spec.input_row = LogicalType::Row(std::move(fields), false);
  spec.maps_in_memory = true;
  auto set = AggregateSet::Compile(spec);
  if (!set.ok()) return state.SkipWithError(set.status().ToString().c_str());
  (*set)->BindBlobs({nullptr, [](void*, state::Blob* blob, std::string_view bytes) {
                       return state::RecordIo::SetBlob(blob, bytes);
                     }});
  const Records records((*set)->layout());
  RowUpdates updates;
  updates.records = records.rows();
  const Batch batch(kRows, std::move(columns));
  for (auto _ : state) {
    auto readiness = (*set)->Accumulate(batch, updates);
    if (!readiness.ok()) return state.SkipWithError(readiness.status().ToString().c_str());
    benchmark::ClobberMemory();
  }
  (*set)->ClearMemoryMaps();
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * bytes_per_row);
  state.SetLabel(kBound);
}

void One(benchmark::State& state, const std::string& function, const LogicalType& argument,
         const LogicalType& result, int64_t bytes_per_row) {
  AggregateSpec spec;
  spec.calls = {Call(function, result)};
  Accumulate(state, std::move(spec), {Values(argument)}, bytes_per_row);
}
BENCHMARK_CAPTURE(One, , "COUNT", LogicalType::BigInt(), LogicalType::BigInt(false), 8)
    ->Name("Aggregate/count");
BENCHMARK_CAPTURE(One, , "SUM", LogicalType::BigInt(), LogicalType::BigInt(), 8)
    ->Name("Aggregate/sum_long");
BENCHMARK_CAPTURE(One, , "SUM", LogicalType::Decimal(10, 2), LogicalType::Decimal(38, 2), 16)
    ->Name("Aggregate/sum_decimal");
BENCHMARK_CAPTURE(One, , "AVG", LogicalType::BigInt(), LogicalType::BigInt(), 8)
    ->Name("Aggregate/avg_long");
BENCHMARK_CAPTURE(One, , "MAX", LogicalType::BigInt(), LogicalType::BigInt(), 8)
    ->Name("Aggregate/max_long");
BENCHMARK_CAPTURE(One, , "MAX", LogicalType::String(), LogicalType::String(), 16)
    ->Name("Aggregate/max_text");

// COUNT(DISTINCT x), alone and beside three of its kind with filters, as in Nexmark's q15.
void Distinct(benchmark::State& state, int calls) {
  AggregateSpec spec;
  std::vector<ColumnPtr> columns{Values(LogicalType::BigInt())};
  for (int i = 0; i < calls; ++i) {
    spec.calls.push_back(Call("COUNT", LogicalType::BigInt(false), i == 0 ? -1 : i));
    spec.calls.back().distinct = true;
    if (i > 0) columns.push_back(Filter(static_cast<uint64_t>(i)));
  }
  Accumulate(state, std::move(spec), std::move(columns), 8 + calls - 1);
}
BENCHMARK_CAPTURE(Distinct, , 1)->Name("Aggregate/count_distinct");
BENCHMARK_CAPTURE(Distinct, , 4)->Name("Aggregate/count_distinct_filtered");

}  // namespace
}  // namespace castor::aggregate
