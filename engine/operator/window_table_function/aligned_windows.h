// TUMBLE, HOP and CUMULATE as table functions: each row once per window it is in, at once. Defined
// by Flink's AlignedWindowTableFunctionOperator: hopping windows from the latest to the earliest,
// cumulative ones from the shortest to the longest; a row whose event time is NULL is dropped and
// counted.
//
// Rows that go out several times are not copied: their columns are dictionaries over the input's.
// Results leave in batches of the usual size, however many windows a row is in. Not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "operator/api/operator.h"
#include "operator/window_table_function/rows_without_time.h"
#include "operator/windowing/slice_assigner.h"
#include "operator/windowing/window.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_table_function {

class AlignedWindows final : public Operator {
 public:
  AlignedWindows(const plan::WindowTableFunction& node, LogicalType input);

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override { return Run(out); }

 private:
  Result<Progress> Run(Output& out);
  size_t BatchRows() const { return static_cast<size_t>(context_->batch_rows()); }
  // Puts down rows and their windows until there are enough for a batch.
  void Expand();
  Batch MakeBatch();
  // The batch's marks that stand before the rows put down; those behind all rows if it is the last.
  std::vector<WatermarkMark> TakeMarks();

  const plan::WindowingStrategy windowing_;
  const LogicalType input_;
  const LogicalType output_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<windowing::SliceAssigner> assigner_;
  std::unique_ptr<RowsWithoutTime> rows_without_time_;

  // The batch at hand and how far it has been worked off.
  Batch batch_;
  std::vector<TimestampMs> slices_;
  int32_t row_ = 0;
  int64_t step_ = 0;  // windows of the row that are done
  size_t mark_ = 0;
  // Put down for the next batch.
  std::vector<int32_t> rows_;
  std::vector<windowing::Window> windows_;
};

}  // namespace castor::window_table_function
