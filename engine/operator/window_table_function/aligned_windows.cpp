#include "operator/window_table_function/aligned_windows.h"

#include <cstring>
#include <utility>

#include "column/gather.h"
#include "operator/api/marks.h"
#include "operator/window_table_function/table_columns.h"

namespace castor::window_table_function {
AlignedWindows::AlignedWindows(const plan::WindowTableFunction& node, LogicalType input)
    : windowing_(node.windowing), input_(std::move(input)), output_(node.output_type) {}

Status AlignedWindows::Open(OperatorContext& context) {
  context_ = &context;
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SliceAssigner assigner,
      windowing::SliceAssigner::Make(windowing_, input_, context.configuration()));
  assigner_ = std::make_unique<windowing::SliceAssigner>(std::move(assigner));
  rows_without_time_ = std::make_unique<RowsWithoutTime>(windowing_, context.metrics());
  return Status::OK();
}

Result<Progress> AlignedWindows::Process(int, Batch batch, Output& out) {
  batch_ = rows_without_time_->Drop(std::move(batch));
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch_, context_->clock().NowMs(), &slices_));
  row_ = 0;
  step_ = 0;
  mark_ = 0;
  return Run(out);
}

Result<Progress> AlignedWindows::Run(Output& out) {
  while (row_ < batch_.num_rows) {
    if (out.Full()) return Progress::kOutputFull;
    Expand();
    out.Emit(MakeBatch());
  }
  for (; mark_ < batch_.marks.size(); ++mark_) out.EmitWatermark(batch_.marks[mark_].watermark);
  batch_ = Batch();
  return Progress::kDone;
}

void AlignedWindows::Expand() {
  const bool shared = assigner_->shared();
  const size_t batch_rows = BatchRows();
  rows_.clear();
  windows_.clear();
  // A row in one window needs no further room than its batch had.
  while (row_ < batch_.num_rows && (!shared || rows_.size() < batch_rows)) {
    const TimestampMs slice = slices_[static_cast<size_t>(row_)];
    const TimestampMs last = assigner_->LastWindowEnd(slice);
    const int64_t windows = (last - slice) / assigner_->interval_ms() + 1;
    for (; step_ < windows && (!shared || rows_.size() < batch_rows); ++step_) {
      const int64_t shift = step_ * assigner_->interval_ms();
      const TimestampMs end = assigner_->cumulative() || !shared ? slice + shift : last - shift;
      rows_.push_back(row_);
      windows_.push_back({assigner_->WindowStart(end), end});
    }
    if (step_ < windows) return;
    step_ = 0;
    ++row_;
  }
}

Batch AlignedWindows::MakeBatch() {
  const auto count = static_cast<int32_t>(rows_.size());
  Batch result;
  if (!assigner_->shared()) {
    result = batch_;
    result.marks.clear();
  } else {
    BufferPtr indices = Buffer::Allocate(rows_.size() * sizeof(int32_t));
    std::memcpy(indices->data(), rows_.data(), rows_.size() * sizeof(int32_t));
    result.num_rows = count;
    for (const ColumnPtr& column : batch_.columns) {
      // Gather keeps a constant one; a ROW is no base of a dictionary.
      const bool gathers = column->is_constant() || column->physical() == PhysicalType::kRow;
      result.columns.push_back(gathers ? Gather(*column, rows_.data(), count)
                                       : Column::MakeDictionary(column, indices, count));
    }
    if (batch_.row_kinds != nullptr) {
      result.row_kinds = Buffer::Allocate(rows_.size());
      for (size_t i = 0; i < rows_.size(); ++i) {
        result.row_kinds->data()[i] = batch_.row_kinds->data()[rows_[i]];
      }
    }
  }
  AppendWindowColumns(output_, windows_, assigner_->shift(), &result.columns);
  result.marks = TakeMarks();
  return result;
}

std::vector<WatermarkMark> AlignedWindows::TakeMarks() {
  const bool last = row_ == batch_.num_rows;
  std::vector<WatermarkMark> marks;
  const size_t first = mark_;
  while (mark_ < batch_.marks.size() && (last || batch_.marks[mark_].row <= rows_.back())) ++mark_;
  marks.assign(batch_.marks.begin() + static_cast<ptrdiff_t>(first),
               batch_.marks.begin() + static_cast<ptrdiff_t>(mark_));
  return MarksOfSelected(marks, rows_);
}

}  // namespace castor::window_table_function
