// One input of a window join: its rows per (window, join key), as BinaryRowData bytes, until the
// window is joined.
//
// Rows of windows that are due already are late: dropped and counted. So are, uncounted, rows whose
// key equals nothing, when the join never emits unmatched rows of this side. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "operator/api/operator.h"
#include "operator/joining/join_keys.h"
#include "operator/windowing/slice_assigner.h"

namespace castor::window_join {

struct WindowSideSpec {
  std::string state_name;    // Flink's "left-records" or "right-records"
  std::string late_counter;  // Flink's name of the metric
  LogicalType row;
  std::vector<int32_t> keys;
  std::vector<bool> filter_nulls;
  plan::WindowingStrategy windowing;
  bool keeps_unmatched = false;  // the join emits rows of this side that match nothing
};

class WindowSide {
 public:
  explicit WindowSide(WindowSideSpec spec);

  Status Open(OperatorContext& context);
  // Keeps the rows of `batch` whose window is not due at `watermark`.
  Status Add(const Batch& batch, TimestampMs watermark);

  bool IsDue(TimestampMs window_end, TimestampMs watermark) const {
    return assigner_.IsFired(window_end, watermark);
  }
  state::WindowListState& rows() { return *rows_; }
  const joining::JoinKeys& keys() const { return keys_; }
  const BinaryRowCodec& codec() const { return codec_; }
  const LogicalType& row_type() const { return spec_.row; }

 private:
  // The rows to keep; counts the late ones.
  void Select(const Batch& batch, TimestampMs watermark);

  const WindowSideSpec spec_;
  const joining::JoinKeys keys_;
  const BinaryRowCodec codec_;
  windowing::SliceAssigner assigner_;
  state::WindowListState* rows_ = nullptr;
  Metric* late_rows_ = nullptr;

  // Scratch, reused from batch to batch.
  std::vector<TimestampMs> window_ends_;
  std::vector<int32_t> matchable_;
  std::vector<int32_t> kept_;
  state::KeyBatch key_batch_;
  EncodedRows encoded_;
  std::vector<std::string_view> values_;
};

}  // namespace castor::window_join
