// The job options that are Castor's own; all others are Flink's, and the planner knows them.
#pragma once

#include "base/configuration.h"
#include "base/status.h"

namespace castor::worker {

// Refuses an option that begins with "castor." and is none, which would have no effect in silence;
// names those that there are (kInvalidArgument).
Status CheckEngineOptions(const Configuration& configuration);

}  // namespace castor::worker
