// The first of two phases of a window aggregation: gathers rows per slice and key in memory and
// sends their accumulators on. Semantics: Flink's LocalSlicingWindowAggOperator.
//
// What is gathered is sent when a watermark reaches the earliest slice's end, before a barrier, at
// the end of input, and when it takes more than MaxBytes. So nothing is kept in state. Late rows
// are the second phase's business.
//
// Output: grouping keys, accumulators (aggregate::AggregateSet::accumulator_types), slice end as
// BIGINT.
#pragma once

#include <memory>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/api/operator.h"
#include "operator/windowing/slice_assigner.h"
#include "plan/nodes/window_aggregate.h"
#include "state/window_tables.h"

namespace castor::local_window_aggregate {

class LocalWindowAggregate final : public Operator {
 public:
  LocalWindowAggregate(const plan::LocalWindowAggregate& node, const LogicalType& input_row);
  ~LocalWindowAggregate() override;

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> BeforeBarrier(Output& out) override;
  Result<Progress> EndInput(int input, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  static constexpr int64_t kMaxBytes = 32 << 20;  // less where state may have little
  static constexpr int32_t kPageRecords = 2048;

  static int64_t MaxBytes();
  // Sends everything gathered, then the watermark if one waits.
  Result<Progress> Flush(Output& out);
  void EmitPage(TimestampMs slice, Output& out);
  void DropTable(TimestampMs slice);

  const plan::WindowingStrategy windowing_;
  const LogicalType input_row_;
  const aggregate::AggregateSpec spec_;
  state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<windowing::SliceAssigner> assigner_;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  state::SegmentPool pool_;
  int64_t blob_bytes_ = 0;  // of the records, outside of the pool
  std::unique_ptr<state::WindowTables> tables_;
  uint64_t cursor_ = 0;  // within the first table, while flushing
  bool watermark_waits_ = false;
  TimestampMs watermark_ = kMinTimestamp;

  state::KeyBatch keys_;
  std::vector<TimestampMs> slices_;
  std::vector<std::byte*> records_;
  std::vector<aggregate::RowOp> ops_;
};

}  // namespace castor::local_window_aggregate
