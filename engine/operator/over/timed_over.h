// OVER windows whose rows are taken in the order of their time once it has passed: all by event
// time, and RANGE windows by processing time, where rows of a millisecond end their frames
// together. Semantics: Flink's RowTimeRowsBoundedPrecedingFunction,
// RowTimeRangeBoundedPrecedingFunction, RowTimeUnboundedPrecedingOverFunctionV2 and
// ProcTimeRangeBoundedPrecedingFunction.
//
// Rows wait in state by time, with a timer per key and time. A row that is late is dropped and
// counted: in unbounded windows one behind the watermark, in bounded ones one that is not later
// than the last row of its key that was taken. What is kept of a key for RANGE windows goes when no
// row can fall into its frames any more, one and a half times their length after its last row, as
// in Flink. With a state TTL the keys of other windows go, unless rows of theirs wait.
// Single-threaded.
#pragma once

#include <string>
#include <vector>

#include "operator/over/frame_aggregation.h"
#include "operator/over/key_cleanup.h"

namespace castor::over {

class TimedOver final : public Operator {
 public:
  TimedOver(const plan::OverAggregate& node, const LogicalType& input, bool event_time,
            int64_t ttl_ms);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  Result<Progress> Add();
  // Takes the rows that are late out of the pending batch.
  Result<state::Readiness> DropLate();
  void ReadTimes();
  Result<state::Readiness> Store();
  Result<Progress> Fire(Output& out);
  // Deals with the due timers at the front that are of one kind.
  Result<state::Readiness> EmitDue(Output& out);
  Result<state::Readiness> TakeRows(Output& out);
  // Finds the rows that wait for the due timers at the front, and holds on to them.
  Result<state::Readiness> FindWaiting();
  Result<state::Readiness> ForgetKeys();
  Result<state::Readiness> NoteLastTimes();
  // Sees to it that the keys of the pending rows are forgotten in time.
  Result<state::Readiness> PlanForgetting();
  Result<Progress> Clean();
  Result<state::Readiness> CleanKeys();
  // Tells the keys whose rows have all been taken from the others.
  Result<state::Readiness> FindIdleKeys();
  size_t SelectDue();
  bool NoneDue() const { return next_due_ == due_.size(); }
  state::Timer DueAt(size_t i) const { return due_[next_due_ + i]; }
  void RequestNextTime();

  const int32_t time_field_;
  const bool event_time_;
  const bool late_by_key_;
  const bool forgets_;
  const int64_t preceding_ms_;
  const state::KeyEncoder key_encoder_;
  FrameAggregation frames_;
  KeyCleanup cleanup_;
  OperatorContext* context_ = nullptr;
  Metric* late_rows_ = nullptr;
  state::MapState* waiting_ = nullptr;      // time -> rows
  state::ValueState* key_times_ = nullptr;  // of bounded windows
  state::TimerQueue* timers_ = nullptr;
  TimestampMs watermark_ = kMinTimestamp;
  TimestampMs target_ = kMinTimestamp;

  Batch batch_;
  bool adding_ = false;  // the batch at hand
  bool dropped_late_ = false;
  bool planned_ = false;
  state::KeyBatch keys_;
  std::vector<TimestampMs> times_;
  std::vector<std::byte*> records_;
  std::vector<TimestampMs> due_times_;  // of the timers that SelectDue has found
  std::vector<std::string_view> due_user_keys_;
  state::TimerPage due_;
  size_t next_due_ = 0;  // of them: what comes before has been dealt with
  state::KeyBatch due_keys_;
  bool noted_ = false;
  bool taking_ = false;  // `due_rows_`, which are acquired
  std::vector<FrameRow> due_rows_;
  bool cleaning_ = false;  // what is due by the clock, `now_`, is being seen to
  TimestampMs now_ = 0;
  state::KeyBatch gone_keys_;
  bool located_ = false;
  std::vector<uint64_t> handles_;
  int32_t next_gone_ = 0;
  std::vector<int32_t> idle_;  // of the gone keys, those with no rows that wait
  state::KeyBatch kept_;       // and the others
};

}  // namespace castor::over
