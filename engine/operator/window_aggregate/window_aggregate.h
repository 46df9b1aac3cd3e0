// Aggregation over tumbling, hopping and cumulative windows, in one phase or as the second of two,
// under event or processing time. Semantics: Flink's WindowAggOperator with
// SliceSharedWindowAggProcessor and SliceUnsharedWindowAggProcessor.
//
// Rows go to their slice's table in a WindowState; there are no timers. When time passes the end of
// a window, its keys are walked a page at a time: those of its only slice, of its slices merged
// into a table that lives while the window is emitted (hopping), or of the first slice into which
// the later ones have been merged (cumulative). The progress of time is all that is remembered
// beside keyed state: what is not yet due of the slices that are there follows from it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/api/operator.h"
#include "operator/window_aggregate/late_rows.h"
#include "operator/window_aggregate/slice_merge.h"
#include "operator/window_aggregate/slice_page.h"
#include "operator/window_aggregate/window_merger.h"
#include "operator/windowing/slice_assigner.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_aggregate {

class WindowAggregate final : public Operator {
 public:
  // What both phases have in common.
  struct Spec {
    std::vector<int32_t> grouping;
    plan::WindowingStrategy windowing;
    std::vector<plan::WindowProperty> properties;
    aggregate::AggregateSpec aggregates;
    LogicalType input_row;
    LogicalType output_row;
    bool merges_accumulators = false;  // second phase
    bool of_group_window = false;      // GROUP BY TUMBLE(..) and its kin
  };
  static Spec SpecOf(const plan::WindowAggregate& node, const LogicalType& input_row);
  static Spec SpecOf(const plan::GlobalWindowAggregate& node, const LogicalType& input_row);

  explicit WindowAggregate(Spec spec);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  // A window on its way out: its slices are merged, its results emitted, its slices dropped.
  enum class Stage : uint8_t { kNone, kMerge, kEmit, kDrop };
  struct Firing {
    TimestampMs window_end = 0;
    Stage stage = Stage::kNone;
    uint64_t cursor = 0;
    TimestampMs slice = 0;  // the next one to be dropped
    TimestampMs last_slice = 0;
  };

  Status OpenState();
  Result<Progress> Add();  // the pending batch, to its slices
  Result<Progress> Fire(Output& out);
  // The earliest window that is due by `target_`, if any.
  bool NextWindow(TimestampMs* window_end) const;
  Status BeginWindow(TimestampMs window_end);
  std::vector<TimestampMs> SlicesToMerge(TimestampMs window_end) const;
  Result<state::Readiness> EmitPage(Output& out);
  Batch MakeResults(TimestampMs window_end);
  void BeginDrop();
  Result<state::Readiness> DropSlices();
  Status EndWindow();
  void RequestNextWindow();

  void ClearMaps(TimestampMs slice);
  Result<state::Readiness> ClearMapsOfSlice();
  bool SliceEnds(TimestampMs window_end) const;
  void DropEmptyRecords();

  const Spec spec_;
  state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<windowing::SliceAssigner> assigner_;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  std::unique_ptr<WindowMerger> merger_;  // hopping windows only
  std::unique_ptr<SliceMerge> merge_;     // where windows share slices
  state::WindowState* state_ = nullptr;
  std::unique_ptr<LateRows> late_rows_;

  TimestampMs progress_ = kMinTimestamp;  // windows due by then have been emitted
  TimestampMs target_ = kMinTimestamp;    // windows due by then are being emitted
  TimestampMs watermark_ = kMinTimestamp;
  Firing firing_;

  // Pending batch of a Process that waits for state, and scratch.
  Batch pending_;
  state::KeyBatch keys_;
  state::KeyBatch window_keys_;
  std::vector<TimestampMs> slices_;
  std::vector<std::byte*> records_;
  std::vector<aggregate::RowOp> ops_;
  bool acquired_ = false;  // the records of the pending batch
  SlicePage page_;
};

}  // namespace castor::window_aggregate
