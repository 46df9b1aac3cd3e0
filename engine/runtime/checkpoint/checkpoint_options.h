// What the options say about checkpoints, under Flink's names.
#pragma once

#include <cstdint>
#include <string>

#include "base/configuration.h"

namespace castor::runtime {

// Whether checkpoints outlive a job that is cancelled or finishes.
enum class Retention : uint8_t {
  kDeleteOnCancellation,  // also NO_EXTERNALIZED_CHECKPOINTS
  kRetainOnCancellation,  // RETAIN_ON_CANCELLATION
};

struct CheckpointOptions {
  int64_t interval_ms = 0;  // 0: no checkpoints
  int64_t timeout_ms = 600'000;
  int64_t min_pause_ms = 0;
  int64_t tolerable_failures = 0;
  int64_t retained = 1;
  Retention retention = Retention::kDeleteOnCancellation;
  std::string directory;            // execution.checkpointing.dir; empty: a temporary one
  std::string savepoint_directory;  // execution.checkpointing.savepoint-dir

  bool enabled() const { return interval_ms > 0; }
};

// Errors name the option. Options that would change how the engine checkpoints and that it does not
// know (unaligned, at-least-once) are refused.
Result<CheckpointOptions> ReadCheckpointOptions(const Configuration& configuration);

}  // namespace castor::runtime
