// The keys of a bundle and their accumulators, in memory: what local, global and incremental
// aggregation gather before they emit, or touch state. Keys keep the order in which they came.
//
// Not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "aggregate/aggregator.h"
#include "state/record_table.h"
#include "state/segment_pool.h"

namespace castor::group_aggregate {

class AccumulatorBundle {
 public:
  // Keys are what `keys` encodes of the input. Maps of `set` are in memory, or in state after
  // `OpenMaps`.
  AccumulatorBundle(std::unique_ptr<aggregate::AggregateSet> set, state::KeyEncoder keys);
  ~AccumulatorBundle();

  Status OpenMaps(state::KeyedStateStore& store, int64_t ttl_ms) {
    return set_->OpenMaps(store, ttl_ms);
  }

  // Adds rows. For maps in memory only.
  Status Accumulate(const Batch& batch);
  // Adds accumulators: `batch` has the keys, and from column `first` on what a set of the same
  // calls with maps in memory made. `map_keys`: keys, row by row, of maps in state. Repeated with
  // the same arguments after kPending.
  Result<state::Readiness> Merge(const Batch& batch, size_t first,
                                 const state::KeyBatch* map_keys = nullptr);

  // The keys, each once; and a batch of them and their accumulators.
  const state::KeyBatch& Keys();
  Batch Columns();
  std::vector<ColumnPtr> KeyColumns();
  std::vector<ColumnPtr> Accumulators();

  void Clear();

 private:
  void FindRecords(const Batch& batch);

  const std::unique_ptr<aggregate::AggregateSet> set_;
  const state::KeyEncoder key_encoder_;
  state::SegmentPool pool_;
  std::unique_ptr<state::RecordTable> table_;
  std::vector<std::byte*> records_;  // of the keys, in order of arrival
  state::KeyBatch keys_;
  int64_t last_size_ = 0;  // of the bundle before

  // Of the batch at hand.
  state::KeyBatch row_keys_;
  std::vector<int32_t> rows_;
  std::vector<std::byte*> row_records_;
  std::vector<uint8_t> created_;
  std::vector<aggregate::RowOp> ops_;
};

}  // namespace castor::group_aggregate
