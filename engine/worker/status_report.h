// The status of a job as the control socket tells it (spec/worker-control.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/job/job.h"

namespace castor::worker {

nlohmann::ordered_json StatusReport(runtime::Job* job);

// How a job ended, for `--report`. `job` is null if it could not start.
Status WriteReport(const std::string& path, runtime::Job* job, const Status& end);

}  // namespace castor::worker
