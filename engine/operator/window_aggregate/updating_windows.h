// Aggregation over tumbling and hopping group windows that give results more than once: before the
// watermark has passed their end, and for rows that come later. Semantics: Flink's
// AggregateWindowOperator with produceUpdates, EventTimeTriggers and ProcessingTimeTriggers.
//
// Rows go to a record per window and key, which also holds the result given last: a window gives a
// result anew only if it is another one. A result is due after each row, at times of the clock
// (timers per window and key), and for all keys when time passes the end of a window. A window goes
// when its rows would be too late. Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/api/operator.h"
#include "operator/rows/row_output.h"
#include "operator/window_aggregate/emit_strategy.h"
#include "operator/window_aggregate/slice_page.h"
#include "operator/windowing/slice_assigner.h"
#include "operator/windowing/window.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_aggregate {

class UpdatingWindows final : public Operator {
 public:
  UpdatingWindows(const plan::WindowAggregate& node, const LogicalType& input,
                  const EmitStrategy& strategy);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  struct Emitted;  // at the start of a record
  // A record, with the key and window it belongs to, at a moment when it had `rows` rows.
  struct Place {
    std::byte* record;
    std::string_view key;
    TimestampMs window_end;
    int64_t rows;
  };
  enum class Task : uint8_t { kNone, kRows, kWindows, kTimers };

  Status OpenState();
  aggregate::AggregateSpec SpecOf() const;

  // The rows at hand: one for each window that is not too late, then added.
  void Expand(const Batch& batch);
  Result<state::Readiness> AddRows();
  bool FiresOnRow(Emitted* emitted, int32_t row);
  void Plan(TimestampMs* next, int64_t delay_ms, int32_t row);

  Result<Progress> FireWindows(Output& out);
  Result<state::Readiness> FirePage();
  bool NextWindow();
  Result<state::Readiness> DropWindows();

  Result<Progress> FireTimers(Output& out);
  Result<state::Readiness> FireDue();
  // When a timer of `time` is due: whether it is the present one. It is followed by the next.
  bool Renew(Emitted* emitted, const state::Timer& timer);

  // Gives out what has become another result; `values`: of the calls, a row per place.
  Status EmitResults(const std::vector<Place>& places, std::vector<ColumnPtr> values);
  Batch MakeRows(const std::vector<Place>& places, std::vector<ColumnPtr> values) const;
  void Flush(Output& out);

  // When results on time are given, and when rows become too late.
  TimestampMs TriggerInstant(TimestampMs window_end) const;
  TimestampMs CleanupInstant(TimestampMs window_end) const;
  bool IsTooLate(TimestampMs window_end) const;
  // Whether rows that come late fire at times of the clock, once the window has fired on time.
  bool late_by_clock() const { return event_time_ && strategy_.late_delay_ms.value_or(0) > 0; }
  TimestampMs* NextLate(Emitted* emitted) const;
  void RequestNextTime();

  const plan::WindowAggregate node_;
  const LogicalType input_;
  const EmitStrategy strategy_;
  const bool event_time_;
  const state::KeyEncoder key_encoder_;
  RowEncoder row_encoder_;
  RowOutput output_;
  OperatorContext* context_ = nullptr;
  Metric* late_rows_ = nullptr;
  std::unique_ptr<windowing::SliceAssigner> assigner_;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  state::WindowState* state_ = nullptr;
  state::TimerQueue* timers_ = nullptr;

  TimestampMs progress_ = kMinTimestamp;  // windows due by then have given their results on time
  TimestampMs target_ = kMinTimestamp;    // windows due by then are giving theirs
  TimestampMs watermark_ = kMinTimestamp;
  TimestampMs now_ = 0;
  Task task_ = Task::kNone;

  Batch batch_;
  state::KeyBatch keys_;
  state::KeyBatch window_keys_;
  std::vector<TimestampMs> windows_;
  std::vector<std::byte*> records_;
  std::vector<aggregate::RowOp> ops_;
  state::TimerPage due_;
  // The window on its way out.
  TimestampMs window_ = 0;
  uint64_t cursor_ = 0;  // in it, or in the window being dropped
  bool active_ = false;
  bool acquired_ = false;  // the records of the batch
  SlicePage page_;
};

}  // namespace castor::window_aggregate
