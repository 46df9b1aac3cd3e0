#include "operator/host/combined_watermark.h"

#include <algorithm>

namespace castor::host {

int CombinedWatermark::Add() {
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].removed) continue;
    parts_[i] = Part{};
    return static_cast<int>(i);
  }
  parts_.emplace_back();
  return static_cast<int>(parts_.size()) - 1;
}

void CombinedWatermark::Remove(int part) { parts_[static_cast<size_t>(part)].removed = true; }

bool CombinedWatermark::Set(int part, TimestampMs watermark) {
  Part& target = parts_[static_cast<size_t>(part)];
  target.idle = false;
  if (watermark <= target.watermark) return false;
  target.watermark = watermark;
  return true;
}

bool CombinedWatermark::Combine() {
  TimestampMs highest = kMinTimestamp;
  TimestampMs lowest_active = kMaxWatermark;
  bool any = false;
  bool all_idle = true;
  for (const Part& part : parts_) {
    if (part.removed) continue;
    any = true;
    highest = std::max(highest, part.watermark);
    if (part.idle) continue;
    all_idle = false;
    lowest_active = std::min(lowest_active, part.watermark);
  }
  if (!any) return false;
  idle_ = all_idle;
  const TimestampMs now = all_idle ? highest : lowest_active;
  if (now <= combined_) return false;
  combined_ = now;
  return true;
}

}  // namespace castor::host
