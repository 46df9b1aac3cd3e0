// Slices of a window put together before it is emitted: in memory (hopping windows, whose slices
// are wanted again), or into the first of them, in state, whereupon they go (cumulative windows).
//
// State may be pending at any page. Not thread-safe.
#pragma once

#include <vector>

#include "aggregate/aggregator.h"
#include "operator/window_aggregate/slice_page.h"
#include "operator/window_aggregate/window_merger.h"

namespace castor::window_aggregate {

class SliceMerge {
 public:
  // Of records in `state` that hold accumulators of `aggregates`; `merger`: nullptr, into the
  // first slice.
  SliceMerge(state::WindowState* state, aggregate::AggregateSet* aggregates, WindowMerger* merger)
      : state_(state), aggregates_(aggregates), merger_(merger) {}

  // Without a merger, `slices` are merged into `first`, which is none of them.
  Status Begin(std::vector<TimestampMs> slices, TimestampMs first);
  // After kPending, to be repeated.
  Result<state::Readiness> Run();

 private:
  enum class Step : uint8_t { kScan, kComplete, kFindFirst, kMerge };

  Result<state::Readiness> MergePage();
  Status MergeIntoMemory();
  Result<state::Readiness> MergeIntoFirst();

  state::WindowState* const state_;
  aggregate::AggregateSet* const aggregates_;
  WindowMerger* const merger_;
  std::vector<TimestampMs> slices_;
  TimestampMs first_ = 0;
  // How far it has come.
  size_t next_ = 0;
  uint64_t cursor_ = 0;
  Step step_ = Step::kScan;
  SlicePage page_;
  std::vector<std::byte*> page_records_;
  std::vector<ColumnPtr> accumulators_;
  std::vector<TimestampMs> first_slices_;
  state::KeyBatch first_keys_;
  std::vector<std::byte*> first_records_;
};

}  // namespace castor::window_aggregate
