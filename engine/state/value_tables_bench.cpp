// Gemini's record table beside the in-memory store's, in one run: inserting, reading and updating
// records of 32 bytes under keys of one BIGINT, by the batch, drawn evenly. The argument is the
// number of records.
#include <benchmark/benchmark.h>

#include <numeric>
#include <random>

#include "gemini/memory/memory_tier.h"
#include "state/record_table.h"
#include "state/test_keys.h"

namespace castor::state {
namespace {

constexpr size_t kBatchRows = 1024;
constexpr int kPayload = 32;

uint32_t GroupOf(uint32_t hash, uint32_t key_groups) {
  return static_cast<uint32_t>(
      KeyGroupOf(static_cast<int32_t>(hash), static_cast<int32_t>(key_groups)));
}

class InMemory {
 public:
  void Access(const KeyBatch& keys, gemini::Access access, std::byte** records) {
    const AccessMode mode =
        access == gemini::Access::kFindOrCreate ? AccessMode::kFindOrCreate : AccessMode::kFind;
    table_.Lookup(keys, rows_, mode, records, nullptr);
  }

 private:
  static std::vector<int32_t> Rows() {
    std::vector<int32_t> rows(kBatchRows);
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
  }
  SegmentPool pool_;
  RecordTable table_{&pool_, kPayload};
  const std::vector<int32_t> rows_ = Rows();
};

class Gemini {
 public:
  void Access(const KeyBatch& keys, gemini::Access access, std::byte** records) {
    const gemini::Keys view{keys.rows.bytes.data(), static_cast<size_t>(keys.rows.fixed_width),
                            keys.rows.offsets.data(), keys.hashes.data(), keys.hashes.size()};
    table_->Lookup(view, access, 0, records, nullptr, &missing_);
  }

 private:
  gemini::MemoryTier tier_{128, GroupOf};
  gemini::RecordTable* const table_ = tier_.AddTable({{0, 0}, {kPayload, {}}, 0});
  std::vector<uint32_t> missing_;
};

std::vector<KeyBatch> AllKeys(int64_t records) {
  std::vector<KeyBatch> batches;
  std::vector<int64_t> values(kBatchRows);
  for (int64_t first = 0; first < records; first += kBatchRows) {
    std::iota(values.begin(), values.end(), first);
    batches.push_back(MakeKeys(values));
  }
  return batches;
}

std::vector<KeyBatch> RandomKeys(int64_t records) {
  std::vector<KeyBatch> batches;
  std::vector<int64_t> values(kBatchRows);
  std::mt19937_64 random(1);
  for (int i = 0; i < 512; ++i) {
    for (int64_t& each : values) {
      each = static_cast<int64_t>(random() % static_cast<uint64_t>(records));
    }
    batches.push_back(MakeKeys(values));
  }
  return batches;
}

template <typename Table>
void Insert(benchmark::State& state) {
  const std::vector<KeyBatch> batches = AllKeys(state.range(0));
  std::byte* records[kBatchRows];
  for (auto _ : state) {
    Table table;
    for (const KeyBatch& batch : batches) {
      table.Access(batch, gemini::Access::kFindOrCreate, records);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batches.size() * kBatchRows));
}

template <typename Table>
void Touch(benchmark::State& state, gemini::Access access) {
  Table table;
  std::byte* records[kBatchRows];
  for (const KeyBatch& batch : AllKeys(state.range(0))) {
    table.Access(batch, gemini::Access::kFindOrCreate, records);
  }
  const std::vector<KeyBatch> batches = RandomKeys(state.range(0));
  size_t next = 0;
  int64_t sum = 0;
  for (auto _ : state) {
    table.Access(batches[next++ % batches.size()], access, records);
    for (std::byte* record : records) {
      auto* value = reinterpret_cast<int64_t*>(record);
      access == gemini::Access::kRead ? sum += *value : ++*value;
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatchRows));
}

template <typename Table>
void Read(benchmark::State& state) {
  Touch<Table>(state, gemini::Access::kRead);
}
template <typename Table>
void Update(benchmark::State& state) {
  Touch<Table>(state, gemini::Access::kFindOrCreate);
}

#define BOTH(what)                                                              \
  BENCHMARK_TEMPLATE(what, InMemory)->Arg(1 << 14)->Arg(1 << 20)->Arg(1 << 23); \
  BENCHMARK_TEMPLATE(what, Gemini)->Arg(1 << 14)->Arg(1 << 20)->Arg(1 << 23)

BOTH(Insert);
BOTH(Read);
BOTH(Update);

}  // namespace
}  // namespace castor::state
