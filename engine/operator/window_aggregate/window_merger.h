// The merged accumulators of the slices of one hopping window, for as long as the window is
// emitted.
//
// A key's accumulators of all slices are merged into one record of a table in memory, with the maps
// of DISTINCT and of retracting MIN and MAX in a store that goes with it. Not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "aggregate/aggregator.h"
#include "state/record_io.h"
#include "state/record_table.h"
#include "state/segment_pool.h"
#include "state/snapshot.h"

namespace castor::window_aggregate {

class WindowMerger {
 public:
  // `aggregates` are those whose records the slices hold.
  static Result<std::unique_ptr<WindowMerger>> Make(const aggregate::AggregateSpec& spec);
  ~WindowMerger() { ClearTable(); }

  Status Clear();
  // Merges records of a slice, of these keys, into the table.
  Status Merge(const state::KeyBatch& keys, const std::vector<state::Record>& records);
  // The same for aggregates with maps: `accumulators` are those of the records, by
  // AggregateSet::CompleteAccumulators, and `keys` their keys.
  Status MergeComplete(const state::KeyBatch& keys, const std::vector<ColumnPtr>& accumulators);
  // As state::WindowState::Scan.
  void Scan(uint64_t* cursor, size_t max_records, std::vector<state::Record>* page) const;

 private:
  explicit WindowMerger(std::unique_ptr<aggregate::AggregateSet> aggregates);
  void ClearTable();
  // Sets `into_`.
  void FindRecords(const state::KeyBatch& keys);

  // A set of its own: what it writes belongs to this table and not to state.
  const std::unique_ptr<aggregate::AggregateSet> aggregates_;
  const state::RecordIo io_;
  state::SegmentPool pool_;
  std::unique_ptr<state::RecordTable> table_;
  int64_t last_size_ = 0;                            // of the window before
  std::unique_ptr<state::SnapshottableStore> maps_;  // when the aggregates use maps
  std::vector<std::byte*> into_;
  std::vector<const std::byte*> from_;
};

}  // namespace castor::window_aggregate
