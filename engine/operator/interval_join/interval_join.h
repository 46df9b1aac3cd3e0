// The interval join: inner, left, right and full joins of two append-only inputs whose rows join
// when their keys are equal, their times are within bounds of each other and a residual condition
// holds. Defined by Flink's TimeIntervalJoin with RowTimeIntervalJoin and ProcTimeIntervalJoin:
// rows are kept until no partner can come any more; those of an outer side that found none are then
// padded with NULLs; a late row joins what is still there. Results are +I, and watermarks are held
// back by the delay that padding can cause.
//
// Rows of one batch belong to one side and never see each other, so candidates are collected, and
// the condition evaluated, for pages of rows. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "operator/api/operator.h"
#include "operator/interval_join/cached_rows.h"
#include "operator/interval_join/cleanup_timers.h"
#include "operator/interval_join/expiry.h"
#include "operator/interval_join/interval_bounds.h"
#include "operator/joining/join_keys.h"
#include "operator/joining/join_output.h"
#include "operator/joining/residual_condition.h"
#include "operator/windowing/distinct_keys.h"
#include "plan/nodes/join.h"

namespace castor::interval_join {

class IntervalJoin final : public Operator {
 public:
  IntervalJoin(const plan::IntervalJoin& node, const LogicalType& left, const LogicalType& right);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  // The watermark, and the sequence numbers of both sides.
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  struct CandidatePair {
    int32_t own_row;
    CachedRow stored;
  };
  // A row of the other side that goes with this batch.
  struct LeavingRow {
    int32_t key_row;
    CachedRow row;
  };
  // The batch at hand and how far it has been worked off.
  struct InFlight {
    bool active = false;
    int input = 0;
    Batch batch;
    TimestampMs now = 0;
    std::vector<TimestampMs> times;
    state::KeyBatch keys;
    std::vector<uint64_t> handles;  // of the other side's rows, per distinct key
    bool located = false;
    int32_t row = 0;               // the next row to look for matches of
    bool row_begun = false;        // it is being looked for
    uint64_t cursor = 0;           // within its entries
    std::vector<uint8_t> matched;  // per row
    // Per distinct key: rows that had expired have met their last row.
    std::vector<uint8_t> cleaned;
    std::vector<LeavingRow> leaving;
    size_t padded = 0;  // of `leaving`
    bool own_done = false;
  };

  void ReadTimes();
  Result<Progress> Run(Output& out);
  Result<state::Readiness> Locate();
  // Fills `pairs_` with candidates from `in_flight_.row` on until the page is full or the batch is
  // through.
  Result<state::Readiness> CollectPairs();
  void LookAt(int32_t row, const CachedRow& stored);
  Status FilterPairs();
  void EmitPairs();
  Result<Progress> EmitLeavingRows(Output& out);
  // Keeps the rows that may still find partners, and pads the others.
  Result<state::Readiness> StoreRows();
  void Flush(Output& out);
  Result<Progress> Expire(Output& out);
  void RequestNextTime();

  Side& own() { return sides_[in_flight_.input]; }
  Side& other() { return sides_[1 - in_flight_.input]; }
  size_t PageRows() const { return static_cast<size_t>(context_->batch_rows()); }

  const plan::JoinType type_;
  const plan::ExpressionPtr condition_;
  const bool event_time_;
  const int32_t time_fields_[2];
  IntervalBounds bounds_;
  const joining::JoinKeys keys_[2];
  Side sides_[2];
  CleanupTimers timers_;
  Expiry expiry_;
  joining::JoinOutput output_;
  std::unique_ptr<joining::ResidualCondition> residual_;
  OperatorContext* context_ = nullptr;
  TimestampMs watermark_ = kMinTimestamp;

  InFlight in_flight_;
  windowing::DistinctKeys distinct_;
  std::vector<CandidatePair> pairs_;
  std::vector<CachedRow> found_;
  // The rows of `pairs_`, for the residual condition.
  std::vector<int32_t> own_rows_;
  std::vector<const char*> stored_rows_;
  std::vector<int32_t> passed_;
  // Rows to keep, with the times of their timers.
  std::vector<int32_t> kept_;
  std::vector<TimestampMs> cleanup_times_;
};

}  // namespace castor::interval_join
