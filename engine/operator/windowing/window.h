// A window: from `start` to before `end`, in wall times.
#pragma once

#include "base/clock.h"

namespace castor::windowing {

struct Window {
  TimestampMs start;
  TimestampMs end;

  bool operator==(const Window&) const = default;
  // Windows that only touch do so too (TimeWindow.intersects).
  bool Intersects(const Window& other) const { return start <= other.end && end >= other.start; }
};

}  // namespace castor::windowing
