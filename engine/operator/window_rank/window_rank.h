// Keeps the first rows of each window and key by an order, and gives them out when the watermark
// has passed the window.
//
// Rows stand in order in one record per window and key, no more than are shown. Late rows are
// dropped and counted. What has been given out is remembered as the watermark's progress.
// Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "column/sort_key.h"
#include "operator/api/registry.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/sorted_rows.h"
#include "operator/windowing/slice_assigner.h"
#include "plan/nodes/window_rank.h"

namespace castor::window_rank {

class WindowRank final : public Operator {
 public:
  // Windows of processing time and orders by types that have none are refused (kUnsupported).
  static Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  WindowRank(const plan::WindowRank& node, const LogicalType& input, SortKeyEncoder sort_keys);

  Batch DropLate(Batch batch);
  Result<Progress> Add();
  Status AddRow(int32_t row, std::byte* record);
  Result<Progress> Fire(Output& out);
  Result<state::Readiness> EmitPage(Output& out);

  const plan::WindowRank node_;
  const LogicalType input_;
  const state::KeyEncoder key_encoder_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  Metric* late_rows_ = nullptr;
  std::unique_ptr<windowing::SliceAssigner> assigner_;
  state::WindowState* state_ = nullptr;
  TimestampMs progress_ = kMinTimestamp;  // windows due by then have been given out
  TimestampMs target_ = kMinTimestamp;
  TimestampMs firing_ = kMinTimestamp;  // the window that `cursor_` walks
  bool is_firing_ = false;
  uint64_t cursor_ = 0;

  Batch batch_;
  state::KeyBatch keys_;
  EncodedRows sort_keys_;
  std::vector<TimestampMs> windows_;
  std::vector<std::byte*> records_;
  std::vector<SortedRow> rows_;  // of the record at hand
  std::string bytes_;
};

}  // namespace castor::window_rank
