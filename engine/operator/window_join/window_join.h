// The window join: rows of two inputs that were attached to the same window (by a window table
// function or a window aggregate) and match are joined once the watermark has passed the window.
// Defined by Flink's WindowJoinOperator: inner, left, right, full, semi and anti, with late rows
// dropped and counted, results all +I.
//
// Windows are joined in ascending order and dropped whole, and the watermark that made them due
// passes on after them. Results are collected as pointers into the state and decoded by the batch,
// so a row that the residual condition refuses costs only the fields that the condition reads.
// Event time only, as in Flink. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "operator/api/operator.h"
#include "operator/joining/residual_condition.h"
#include "operator/joining/stored_output.h"
#include "operator/window_join/join_pass.h"
#include "operator/window_join/pair_walk.h"
#include "operator/window_join/window_side.h"
#include "plan/nodes/join.h"

namespace castor::window_join {

class WindowJoin final : public Operator {
 public:
  WindowJoin(const plan::WindowJoin& node, const LogicalType& left, const LogicalType& right);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> Continue(Output& out) override { return Fire(out); }
  // The watermark: which rows are late must not depend on a restart.
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  Result<Progress> Fire(Output& out);
  // Joins the window that `Fire` is at. kDone: all its results have been emitted.
  Result<Progress> JoinWindow(Output& out);
  void StartPass();
  Status JoinPage();
  Status EvaluatePage();
  void AddPair(const char* outer, const char* inner);
  void Flush(Output& out);
  size_t PageRows() const { return static_cast<size_t>(context_->batch_rows()); }
  const JoinPass& pass() const { return passes_[pass_]; }

  const bool event_time_;
  const plan::ExpressionPtr condition_;
  const std::vector<JoinPass> passes_;
  WindowSide sides_[2];
  std::unique_ptr<joining::ResidualCondition> residual_;
  OperatorContext* context_ = nullptr;
  TimestampMs watermark_ = kMinTimestamp;

  // The windows that are due, and how far they have been joined.
  std::vector<TimestampMs> due_;
  size_t window_ = 0;
  size_t pass_ = 0;
  std::unique_ptr<PairWalk> walk_;  // of the pass at hand; null: not started
  PairPage page_;
  std::vector<int32_t> passed_;  // pairs of the page on which the condition is TRUE
  bool matched_ = false;         // the outer row whose pairs go on in the next page has a match

  joining::StoredOutput results_;  // not emitted yet
};

}  // namespace castor::window_join
