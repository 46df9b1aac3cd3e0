// The combined watermark of several parts (inputs of an operator, splits of a reader): the minimum
// over the active ones; when all are idle, the maximum over all, so that it does not matter which
// idled last.
//
// Flink's CombinedWatermarkStatus. `Set` and `SetIdle` only note a part's state; `Combine` merges.
// Parts are small integers, reused after `Remove`. Not thread-safe.
#pragma once

#include <vector>

#include "base/clock.h"

namespace castor::host {

class CombinedWatermark {
 public:
  explicit CombinedWatermark(int parts = 0) : parts_(static_cast<size_t>(parts), Part{}) {}

  int Add();
  void Remove(int part);

  // True if the part's own watermark has risen. A watermark makes its part active, even a late one.
  bool Set(int part, TimestampMs watermark);
  void SetIdle(int part, bool idle) { parts_[static_cast<size_t>(part)].idle = idle; }
  // True if the combined watermark has risen. Also refreshes `idle`.
  bool Combine();

  bool Update(int part, TimestampMs watermark) {
    Set(part, watermark);
    return Combine();
  }

  TimestampMs watermark() const { return combined_; }
  TimestampMs of(int part) const { return parts_[static_cast<size_t>(part)].watermark; }
  bool idle() const { return idle_; }

 private:
  struct Part {
    TimestampMs watermark = kMinTimestamp;
    bool idle = false;
    bool removed = false;
  };

  std::vector<Part> parts_;
  TimestampMs combined_ = kMinTimestamp;
  bool idle_ = false;
};

}  // namespace castor::host
