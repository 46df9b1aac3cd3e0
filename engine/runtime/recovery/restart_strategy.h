// Whether and when a failed job starts again: Flink's restart strategies under Flink's options.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/configuration.h"

namespace castor::runtime {

class RestartStrategy {
 public:
  virtual ~RestartStrategy() = default;
  // The delay in milliseconds before the restart; nothing: the job stays failed.
  virtual std::optional<int64_t> OnFailure(TimestampMs now) = 0;
  virtual std::string Describe() const = 0;
};

// From `restart-strategy.*`. Without a type: exponential delay if the job takes checkpoints, else
// none. `jitter` gives numbers in [-1, 1].
Result<std::unique_ptr<RestartStrategy>> MakeRestartStrategy(const Configuration& configuration,
                                                             bool checkpointing,
                                                             double (*jitter)());

// False for what would fail again in the same way: a job that is refused, a missing file, a record
// that cannot be read, a snapshot that does not fit.
bool IsWorthRestarting(const Status& failure);

}  // namespace castor::runtime
