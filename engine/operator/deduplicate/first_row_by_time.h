// Lets the row of each key with the earliest event time through, once the watermark has passed it
// and nothing earlier can come: Flink's RowTimeDeduplicateKeepFirstRowFunction.
//
// A row waits with a timer at its event time; an earlier one takes its place. That a key has been
// emitted is remembered for the TTL. Rows behind the watermark are dropped and counted.
// Single-threaded.
#pragma once

#include <vector>

#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/row_output.h"
#include "plan/nodes/rank.h"

namespace castor::deduplicate {

class FirstRowByTime final : public Operator {
 public:
  FirstRowByTime(const plan::Deduplicate& node, const LogicalType& input, int32_t time_field)
      : time_field_(time_field),
        ttl_ms_(node.StateTtlMs(0)),
        key_encoder_(input, node.unique_keys),
        row_encoder_(input, {}) {}

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  struct Waiting;  // the record of a key

  Result<Progress> Add();
  Status AddRow(int32_t row, int64_t time, Waiting* waiting);
  Result<Progress> Fire(Output& out);
  Result<state::Readiness> EmitDue();

  const int32_t time_field_;
  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  Metric* late_rows_ = nullptr;
  state::ValueState* state_ = nullptr;
  state::TimerQueue* timers_ = nullptr;
  TimestampMs watermark_ = kMinTimestamp;  // up to which rows have been emitted
  TimestampMs target_ = kMinTimestamp;

  Batch batch_;
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
  state::TimerPage due_;
  RowOutput output_;
};

}  // namespace castor::deduplicate
