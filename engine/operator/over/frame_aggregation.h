// The accumulators of each partition's frame, moved from row to row.
//
// Rows are given in the order in which frames end with them. A row is added; where the frame has a
// beginning, rows that fall out of it are taken back before, for which they are kept
// (frame_rows.h). The results of all calls are noted at each row, or (RANGE) at the last row of the
// same time. Single-threaded.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/aggregator.h"
#include "expr/program.h"
#include "operator/api/operator.h"
#include "operator/over/frame_rows.h"
#include "operator/rows/row_encoder.h"
#include "plan/nodes/over.h"

namespace castor::over {

class FrameAggregation {
 public:
  // `times_group`: rows of the same key and time end their frames together (RANGE).
  FrameAggregation(const plan::OverAggregate& node, const LogicalType& input, bool times_group);

  // `ttl_ms`: of the accumulators, but not of what DISTINCT has seen (as in Flink).
  Status Open(OperatorContext& context, int64_t ttl_ms = 0);
  // The rows with the results of their frames, in order. After kPending, to be repeated with the
  // same arguments.
  Result<state::Readiness> Run(const state::KeyBatch& keys, const std::vector<FrameRow>& rows,
                               Batch* out);

  // Removes what is kept of the keys of `rows`.
  void Forget(const state::KeyBatch& keys, std::span<const int32_t> rows);

  const RowEncoder& rows() const { return row_encoder_; }
  RowEncoder& rows() { return row_encoder_; }

 private:
  aggregate::AggregateSpec SpecOf() const;
  // Lists all that happens to the accumulators, and decodes it.
  Status MakeSteps(const std::vector<FrameRow>& rows);
  void AddStep(std::string_view row, int32_t key_row, aggregate::RowOp op);
  Result<state::Readiness> Apply(const state::KeyBatch& keys);
  Batch MakeResults(const std::vector<FrameRow>& rows) const;

  const plan::OverAggregate node_;
  const LogicalType input_;
  const bool times_group_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;
  std::unique_ptr<expr::Program> constants_;
  state::ValueState* frames_ = nullptr;
  FrameRows kept_;  // where frames have a beginning

  // How far the present Run has come.
  enum class Stage : uint8_t { kAcquire, kLoad, kStore, kApply };
  Stage stage_ = Stage::kAcquire;
  std::vector<std::byte*> records_;  // by key given
  // What happens to the accumulators, in order: the rows, what is done with them, and to whom.
  std::string bytes_;
  std::vector<size_t> step_offsets_;  // in `bytes_`
  Batch step_rows_;
  std::vector<aggregate::RowOp> step_ops_;
  std::vector<int32_t> step_key_rows_;
  std::vector<std::byte*> step_records_;
  std::vector<int32_t> step_of_row_;
  std::vector<ColumnPtr> values_;
};

}  // namespace castor::over
