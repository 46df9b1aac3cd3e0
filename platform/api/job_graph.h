// A job's plan as a graph (JobGraph in spec/openapi.yaml). Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"
#include "platform/metrics/job_board.h"

namespace castor::platform {

// spec: the plan's operators and edges, out of a job bundle (spec/job-bundle.md). Exchanges and
// unions are no operators but the way of edges. kCorruption: it is no bundle.
Result<nlohmann::ordered_json> GraphOf(const std::string& bundle);
// status.vertices: what the operators of the graph do.
// Of a job on Flink its job manager says how its graph is; null, or what has said nothing of it: an
// empty graph.
nlohmann::ordered_json FlinkGraph(const cli::JobStatus* status);
nlohmann::ordered_json VerticesStatus(const nlohmann::ordered_json& graph,
                                      const JobFigures& figures);

}  // namespace castor::platform
