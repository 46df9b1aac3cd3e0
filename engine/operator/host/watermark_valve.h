// Merges the watermarks and idleness of the channels of one input: the minimum over channels that
// are active and aligned, i.e. have caught up with what was already put out since they were last
// idle.
//
// Flink's StatusWatermarkValve, rule for rule. Not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"

namespace castor::host {

class WatermarkValve {
 public:
  explicit WatermarkValve(int channels) : channels_(static_cast<size_t>(channels)) {}

  // What is to be passed on: first the watermark, then the change of status.
  struct Change {
    std::optional<TimestampMs> watermark;
    std::optional<bool> idle;
  };

  // The new merged watermark, if it has risen.
  std::optional<TimestampMs> OnWatermark(int channel, TimestampMs watermark);
  Change OnStatus(int channel, bool idle);

  TimestampMs watermark() const { return last_output_; }

 private:
  struct Channel {
    TimestampMs watermark = kMinTimestamp;
    bool idle = false;
    bool aligned = true;
  };

  bool AnyActive() const;
  std::optional<TimestampMs> RaiseToMinimumOfAligned();
  std::optional<TimestampMs> RaiseToMaximumOfAll();
  std::optional<TimestampMs> Raise(TimestampMs to);

  std::vector<Channel> channels_;
  TimestampMs last_output_ = kMinTimestamp;
  bool idle_ = false;
};

}  // namespace castor::host
