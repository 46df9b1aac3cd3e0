// Accumulators per key in a ValueState, and the changelog of their results: what the one-phase and
// the global aggregation share. Semantics row by row are those of Flink's GroupAggFunction, those
// by the bundle of MiniBatchGroupAggFunction and MiniBatchGlobalGroupAggFunction.
//
// A call that answers kPending is repeated with the same arguments; the present batch's records are
// held meanwhile. Not thread-safe; belongs to one operator instance.
#pragma once

#include <memory>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/group_aggregate/result_changelog.h"
#include "state/distinct_records.h"
#include "state/keyed_state.h"

namespace castor::group_aggregate {

class KeyedAggregation {
 public:
  struct Options {
    bool needs_retraction = false;
    bool generate_update_before = false;
    int64_t ttl_ms = 0;
    // Each row changes some result: COUNT(*) is among the calls.
    bool every_row_changes = false;
  };

  KeyedAggregation(std::unique_ptr<aggregate::AggregateSet> set, const Options& options)
      : set_(std::move(set)),
        options_(options),
        changelog_(options.generate_update_before, options.ttl_ms > 0) {}

  Status Open(state::KeyedStateStore& store);

  // Row by row: every change of a result is in `*out`. `key_columns` are the columns of `keys`.
  Result<state::Readiness> ProcessRows(const Batch& batch, const state::KeyBatch& keys,
                                       const std::vector<ColumnPtr>& key_columns, Batch* out);
  // One change per key at most.
  Result<state::Readiness> ProcessBundle(const Batch& batch, const state::KeyBatch& keys,
                                         const std::vector<ColumnPtr>& key_columns, Batch* out);
  // One change per key at most; the keys are all different, and `accumulators` are what a set of
  // the same calls with maps in memory has gathered for each.
  Result<state::Readiness> MergeBundle(const std::vector<ColumnPtr>& accumulators,
                                       const state::KeyBatch& keys,
                                       const std::vector<ColumnPtr>& key_columns, Batch* out);

 private:
  Result<state::Readiness> Acquire(const state::KeyBatch& keys);
  void ListChangesOfRows();
  void DecideOpsOfBundle(const RowKind* kinds);
  // Adds the rows of a bundle and sets where in `results` those of each distinct record are.
  Result<state::Readiness> AccumulateBundle(const Batch& batch,
                                            const aggregate::RowUpdates& updates,
                                            std::vector<ColumnPtr>* results);
  // The results before, noted earlier, followed by those after.
  std::vector<ColumnPtr> StackResults();
  void EmitBundle(const state::KeyBatch& keys, const std::vector<ColumnPtr>& key_columns,
                  std::vector<ColumnPtr> results, Batch* out);
  void Finish(const state::KeyBatch& keys);

  bool Existed(int32_t entry) const {
    return created_[static_cast<size_t>(distinct_.first_rows()[static_cast<size_t>(entry)])] == 0;
  }
  int64_t CountOf(const std::byte* record) const {
    return *reinterpret_cast<const int64_t*>(record + set_->record_count_offset());
  }

  const std::unique_ptr<aggregate::AggregateSet> set_;
  const Options options_;
  ResultChangelog changelog_;
  state::ValueState* state_ = nullptr;

  // Of the batch at hand.
  bool acquired_ = false;
  std::vector<std::byte*> records_;    // per row
  std::vector<uint8_t> created_;       // per row
  std::vector<aggregate::RowOp> ops_;  // per row; unused without retraction
  state::DistinctRecords distinct_;
  std::vector<uint8_t> started_;  // per distinct record: has rows, as far as we have come
  std::vector<ColumnPtr> before_;
  std::vector<int32_t> before_rows_;  // per distinct record: where its results stand
  std::vector<int32_t> after_rows_;
  std::vector<Change> changes_;
  std::vector<int32_t> gone_rows_;
};

}  // namespace castor::group_aggregate
