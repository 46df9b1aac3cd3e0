// Sorts rows by time first and gives them out as it passes: by event time when the watermark
// reaches them (Flink's RowTimeSortOperator), or those that arrived in the same millisecond of
// processing time (ProcTimeSortOperator).
//
// State: rows by time and number of arrival. Their order in memory is rebuilt from the state when
// it is restored. A row that is not later than what has been given out is dropped, as in Flink.
// Single-threaded; runs at parallelism 1.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "column/sort_key.h"
#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "state/entry_walk.h"

namespace castor {

class TemporalSort final : public Operator {
 public:
  static constexpr int32_t kArrival = -1;

  // `time_field`: the event time, or kArrival. Rows of the same time come in the order of the sort
  // keys, then in that of their arrival.
  TemporalSort(const LogicalType& input, int32_t time_field, SortKeyEncoder sort_keys)
      : time_field_(time_field), sort_key_encoder_(std::move(sort_keys)), row_encoder_(input, {}) {}

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> EndInput(int input, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  // The numbers of the rows of a time.
  using Waiting = std::map<TimestampMs, std::vector<uint64_t>>;

  bool event_time() const { return time_field_ != kArrival; }
  Result<state::Readiness> Index();
  Result<Progress> Add();
  Result<Progress> Fire(Output& out);
  Result<state::Readiness> EmitPage(Output& out);

  const int32_t time_field_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  state::MapState* rows_ = nullptr;
  state::KeyBatch key_;

  bool indexed_ = false;
  state::EntryWalk walk_;
  Waiting waiting_;
  uint64_t next_number_ = 0;
  TimestampMs last_emitted_ = kMinTimestamp;  // time of the latest row given out
  TimestampMs target_ = kMinTimestamp;
  bool watermark_waits_ = false;

  Batch batch_;
};

}  // namespace castor
