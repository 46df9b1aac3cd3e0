#include "operator/host/watermark_valve.h"

#include <algorithm>

namespace castor::host {

std::optional<TimestampMs> WatermarkValve::OnWatermark(int channel, TimestampMs watermark) {
  Channel& from = channels_[static_cast<size_t>(channel)];
  if (idle_ || from.idle || watermark <= from.watermark) return std::nullopt;
  from.watermark = watermark;
  if (watermark >= last_output_) from.aligned = true;
  return RaiseToMinimumOfAligned();
}

WatermarkValve::Change WatermarkValve::OnStatus(int channel, bool idle) {
  Channel& from = channels_[static_cast<size_t>(channel)];
  Change change;
  if (idle == from.idle) return change;
  from.idle = idle;
  if (!idle) {
    if (from.watermark >= last_output_) from.aligned = true;
    if (idle_) {
      idle_ = false;
      change.idle = false;
    }
    return change;
  }
  from.aligned = false;
  // Only the channel that determined the last watermark can have held the others back.
  const bool held_back = from.watermark == last_output_;
  if (AnyActive()) {
    if (held_back) change.watermark = RaiseToMinimumOfAligned();
    return change;
  }
  if (held_back) change.watermark = RaiseToMaximumOfAll();
  idle_ = true;
  change.idle = true;
  return change;
}

bool WatermarkValve::AnyActive() const {
  return std::any_of(channels_.begin(), channels_.end(), [](const Channel& c) { return !c.idle; });
}

std::optional<TimestampMs> WatermarkValve::RaiseToMinimumOfAligned() {
  TimestampMs lowest = kMaxWatermark;
  bool any = false;
  for (const Channel& channel : channels_) {
    if (!channel.aligned) continue;
    any = true;
    lowest = std::min(lowest, channel.watermark);
  }
  if (!any) return std::nullopt;
  return Raise(lowest);
}

std::optional<TimestampMs> WatermarkValve::RaiseToMaximumOfAll() {
  TimestampMs highest = kMinTimestamp;
  for (const Channel& channel : channels_) highest = std::max(highest, channel.watermark);
  return Raise(highest);
}

std::optional<TimestampMs> WatermarkValve::Raise(TimestampMs to) {
  if (to <= last_output_) return std::nullopt;
  last_output_ = to;
  return to;
}

}  // namespace castor::host
