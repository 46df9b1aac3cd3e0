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
  // `set` has its maps in memory. Keys are rows of `keys`' fields of the input.
  AccumulatorBundle(std::unique_ptr<aggregate::AggregateSet> set, state::KeyEncoder keys);
  ~AccumulatorBundle();

  Status Open();

  // Adds rows.
  Status Accumulate(const Batch& batch);
  // Adds accumulators: columns from `first` on of `batch` are what another set of the same calls
  // made.
  Status Merge(const Batch& batch, size_t first);

  // The keys, each once, as rows and as columns; and their accumulators.
  const state::KeyBatch& Keys();
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

  // Of the batch at hand.
  state::KeyBatch row_keys_;
  std::vector<int32_t> rows_;
  std::vector<std::byte*> row_records_;
  std::vector<uint8_t> created_;
  std::vector<aggregate::RowOp> ops_;
};

}  // namespace castor::group_aggregate
