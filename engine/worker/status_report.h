// The status of a job as the control socket tells it (spec/worker-control.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runtime/job/job.h"

namespace castor::worker {

nlohmann::ordered_json StatusReport(runtime::Job* job);

}  // namespace castor::worker
