// Which slice a row belongs to, and which slices make up a window. Defines Flink's SliceAssigners.
//
// A slice is named by its end. Tumbling windows are one slice; hopping windows share slices of the
// length of their slide (or shorter ones, see `CutHoppingWindows`); cumulative windows share theirs
// up to the largest window, with everything before the current slice merged into the first one.
// Windows attached to rows by a window table function, or slices attached by a local aggregation,
// are taken from the row. All times are wall times of the shift zone (see ZoneShift); those named
// "instant" are not.
//
// Not thread-safe (the zone shift keeps an offset).
#pragma once

#include <cstdint>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"
#include "column/batch.h"
#include "operator/windowing/zone_shift.h"
#include "plan/window.h"

namespace castor::windowing {

class SliceAssigner {
 public:
  // Session windows have no slices: kUnsupported, unless they are attached to the rows; of those
  // nothing is known but their ends.
  static Result<SliceAssigner> Make(const plan::WindowingStrategy& windowing,
                                    const LogicalType& input_row,
                                    const Configuration& configuration);

  // Aggregates share slices among windows, so a size that is no multiple of the slide or step is
  // refused: the constructors of Flink's HoppingSliceAssigner and CumulativeSliceAssigner.
  Status CheckWholeSlices() const;

  // For GROUP BY HOP(..), whose windows Flink does not cut: their size may be any. Slices get the
  // length of what size and slide have in common.
  void CutHoppingWindows();

  bool event_time() const { return event_time_; }
  // Whether a window consists of several slices (hopping, cumulative).
  bool shared() const { return sharing_ != Sharing::kNone; }
  bool cumulative() const { return sharing_ == Sharing::kCumulative; }

  // The slice end of each row. Under processing time all rows belong to the slice of `now_instant`.
  Status Assign(const Batch& batch, TimestampMs now_instant, std::vector<TimestampMs>* slice_ends);

  // The end of the last window that a slice is part of; kMinTimestamp where it is part of none.
  TimestampMs LastWindowEnd(TimestampMs slice_end) const;
  // Whether there are slices of no window: between windows that are shorter than their slide.
  bool has_gaps() const { return sharing_ == Sharing::kHopping && size_ms_ < interval_ms_; }
  TimestampMs WindowStart(TimestampMs window_end) const;
  // The end of the first slice of a window.
  TimestampMs FirstSlice(TimestampMs window_end) const {
    return WindowStart(window_end) + slice_ms_;
  }
  // Between window ends, and between slice ends.
  int64_t interval_ms() const { return interval_ms_; }
  int64_t slice_ms() const { return slice_ms_; }

  // When a window that ends at `window_end` is due, and whether time has come so far.
  TimestampMs TriggerInstant(TimestampMs window_end) const {
    return shift_.ToTimer(window_end - 1);
  }
  bool IsFired(TimestampMs window_end, TimestampMs progress_instant) const {
    return window_end != kMaxWatermark && progress_instant >= TriggerInstant(window_end);
  }
  // The first window of the slice that is not due yet.
  TimestampMs FirstUnfiredWindow(TimestampMs slice_end, TimestampMs progress_instant) const;
  const ZoneShift& shift() const { return shift_; }

 private:
  enum class Sharing : uint8_t { kNone, kHopping, kCumulative };
  enum class Origin : uint8_t { kRowtime, kProctime, kWindowEnd, kSliceEnd };

  Status AssignFromTimes(const Column& times, std::vector<TimestampMs>* slice_ends);
  TimestampMs SliceEnd(TimestampMs wall) const;
  TimestampMs FirstWindowEnd(TimestampMs slice_end) const;

  plan::WindowSpec::Kind kind_ = plan::WindowSpec::Kind::kTumbling;
  Origin origin_ = Origin::kRowtime;
  Sharing sharing_ = Sharing::kNone;
  bool event_time_ = true;
  int32_t field_ = -1;
  int64_t size_ms_ = 0;
  int64_t interval_ms_ = 0;  // between window ends
  int64_t slice_ms_ = 0;     // no longer than that
  int64_t offset_ms_ = 0;
  ZoneShift shift_;
};

}  // namespace castor::windowing
