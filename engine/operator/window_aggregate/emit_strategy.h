// When group windows give results besides those on time: the options table.exec.emit.*. Semantics:
// Flink's WindowEmitStrategy.
#pragma once

#include <cstdint>
#include <optional>

#include "base/configuration.h"
#include "base/status.h"
#include "plan/window.h"

namespace castor::window_aggregate {

struct EmitStrategy {
  // Milliseconds of processing time between results before and after the watermark has passed the
  // end of a window; 0: after each row.
  std::optional<int64_t> early_delay_ms;
  std::optional<int64_t> late_delay_ms;
  // How long after its end rows are added to a window.
  int64_t lateness_ms = 0;

  // Whether results are given more than once, and so taken back.
  bool updates(bool event_time) const {
    return early_delay_ms.has_value() || (event_time && late_delay_ms.has_value());
  }
};

// Refuses what Flink refuses, by the option (kInvalidArgument).
Result<EmitStrategy> ReadEmitStrategy(const plan::WindowingStrategy& windowing,
                                      const Configuration& configuration);

}  // namespace castor::window_aggregate
