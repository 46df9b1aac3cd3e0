// Where a job goes on, out of what is recorded. Stateless.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/metadata/records.h"
#include "platform/metadata/spec.h"

namespace castor::platform {

struct RestorePoint {
  std::string snapshot;  // empty: at the beginning
  std::string lost;      // why it cannot go on there: state that is recorded is not there
};

// The last checkpoint that a job has left; empty: none.
using LatestCheckpoint = std::function<std::string(const std::string& job)>;

// `job`: the newest, whether it lives or not; `saved`: the newest savepoint that is COMPLETED. For
// another process of a job that lives it is always the job's latest state, for a new job the
// strategy says. That the snapshot is there is not looked at.
RestorePoint FindRestorePoint(const std::optional<JobRecord>& job,
                              const std::optional<SavepointRecord>& saved, RestoreStrategy strategy,
                              const LatestCheckpoint& latest_checkpoint);

}  // namespace castor::platform
