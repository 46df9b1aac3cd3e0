// The accumulators of each partition's frame, moved from row to row.
//
// Rows are given in the order in which frames end with them. A row is added; where the frame has a
// beginning, rows that fall out of it are taken back before, for which they are kept in state under
// ascending numbers. The results of all calls are noted at each row, or (RANGE) at the last row of
// the same time. Single-threaded.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/aggregator.h"
#include "expr/program.h"
#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "plan/nodes/over.h"

namespace castor::over {

class FrameAggregation {
 public:
  // A row that ends a frame. Rows of the same key and time follow each other.
  struct FrameRow {
    int32_t key_row;  // of the keys given
    std::string_view bytes;
    TimestampMs time;
  };

  // `times_group`: rows of the same key and time end their frames together (RANGE).
  FrameAggregation(const plan::OverAggregate& node, const LogicalType& input, bool times_group);

  // `ttl_ms`: of the accumulators, but not of what DISTINCT has seen (as in Flink).
  Status Open(OperatorContext& context, int64_t ttl_ms = 0);
  // The rows with the results of their frames, in order. Changes nothing when it answers pending.
  Result<state::Readiness> Run(const state::KeyBatch& keys, const std::vector<FrameRow>& rows,
                               Batch* out);

  // Removes what is kept of the keys of `rows`.
  void Forget(const state::KeyBatch& keys, std::span<const int32_t> rows);

  const RowEncoder& rows() const { return row_encoder_; }
  RowEncoder& rows() { return row_encoder_; }

 private:
  struct Frame;  // at the start of a partition's record
  // What happens to the accumulators, in order.
  struct Step {
    size_t bytes_offset;  // of the row, in `bytes_`
    int32_t key_row;
    aggregate::RowOp op;
  };

  aggregate::AggregateSpec SpecOf() const;
  Status TakeBack(const state::KeyBatch& keys, const FrameRow& row, Frame* frame);
  Status TakeBackFirst(const state::KeyBatch& keys, int32_t key_row, Frame* frame);
  Result<TimestampMs> FirstTime(const state::KeyBatch& keys, int32_t key_row, const Frame& frame);
  Status Keep(const state::KeyBatch& keys, const FrameRow& row, Frame* frame);
  void AddStep(std::string_view row, int32_t key_row, aggregate::RowOp op);
  Result<Batch> DecodeSteps();
  Status Apply(const state::KeyBatch& keys, const Batch& batch);
  Batch MakeResults(const std::vector<FrameRow>& rows, const Batch& batch) const;

  const plan::OverAggregate node_;
  const LogicalType input_;
  const bool times_group_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  std::unique_ptr<expr::Program> constants_;
  state::ValueState* frames_ = nullptr;
  state::MapState* kept_ = nullptr;  // number -> row, where frames have a beginning

  std::vector<std::byte*> records_;  // by row given
  std::string bytes_;
  std::vector<Step> steps_;
  std::vector<int32_t> step_of_row_;
  std::vector<std::byte*> step_records_;
  std::vector<ColumnPtr> values_;
};

}  // namespace castor::over
