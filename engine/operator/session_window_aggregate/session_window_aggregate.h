// Aggregation over session windows, under event or processing time, of inserts or a changelog.
// Semantics: Flink's WindowAggOperator with UnsliceSyncStateWindowAggProcessor. A row that would be
// late on its own is kept when it touches a session that is still open. Sessions whose rows have
// all been retracted are not emitted. Results are +I.
//
// A batch finds the sessions of its keys in one pass, merges them as its rows say, and then
// accumulates all rows column by column. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/api/operator.h"
#include "operator/windowing/session_assigner.h"
#include "operator/windowing/session_windows.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::session_window_aggregate {

class SessionWindowAggregate final : public Operator {
 public:
  SessionWindowAggregate(const plan::WindowAggregate& node, const LogicalType& input_row);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  Status OpenState();
  // How far the pending batch has come.
  enum class Stage : uint8_t { kAssign, kTakeMerged, kMerge, kAccumulate };

  Result<Progress> Add();  // the pending batch, to its sessions
  Result<state::Readiness> AddToSessions();
  Result<state::Readiness> TakeMerged();
  Result<state::Readiness> Merge();
  void PrepareUpdates();
  Result<Progress> Fire(Output& out);
  void ClearMapsOfDue();
  void DropEmptySessions();
  Batch MakeResults();
  void RequestNextTime();

  const std::vector<int32_t> grouping_;
  const plan::WindowingStrategy windowing_;
  const std::vector<plan::WindowProperty> properties_;
  const LogicalType input_row_;
  const LogicalType output_row_;
  const aggregate::AggregateSpec aggregate_spec_;
  const state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<windowing::SessionAssigner> assigner_;
  std::unique_ptr<windowing::SessionWindows> sessions_;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  Metric* late_rows_ = nullptr;

  TimestampMs progress_ = kMinTimestamp;  // sessions due by then have been emitted
  TimestampMs target_ = kMinTimestamp;    // sessions due by then are being emitted

  Batch pending_;  // that waits for state
  Stage stage_ = Stage::kAssign;
  aggregate::RowUpdates updates_;
  std::vector<ColumnPtr> accumulators_;
  windowing::SessionWindows::Due due_;
  // Scratch.
  state::KeyBatch keys_;
  state::KeyBatch session_keys_;  // with the sessions' names, for maps
  std::vector<windowing::Window> windows_;
  std::vector<std::byte*> records_;
  std::vector<aggregate::RowOp> ops_;
  windowing::SessionWindows::Merges merges_;
};

}  // namespace castor::session_window_aggregate
