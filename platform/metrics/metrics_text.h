// Figures of jobs and deployments in Prometheus' text format, under Flink's names where Flink has
// them. Stateless.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/metrics/job_board.h"

namespace castor::platform {

// Deployments by namespace and state.
using DeploymentCounts = std::map<std::pair<std::string, std::string>, int64_t>;

std::string MetricsText(const std::vector<JobFigures>& jobs, const DeploymentCounts& deployments);

}  // namespace castor::platform
