// What a job manager says of a job, as a worker would say it (spec/worker-control.md). Stateless.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace castor::flink {

// `details`: the answer to /jobs/<id>. A job whose tasks do not all run is CREATED before they
// have, and RESTARTING afterwards.
std::string StateOf(const nlohmann::json& details, bool has_run);

// `checkpoints`: the answer to /jobs/<id>/checkpoints, or null.
nlohmann::json CheckpointsOf(const nlohmann::json& checkpoints);

// What a vertex reads, by the numbers of the vertices in `details` (from 1), and how.
nlohmann::json InputsOf(const nlohmann::json& details, const std::string& vertex);

// What to ask of a vertex: its tasks' figures, and those of its sources and sinks among the names
// that there are, as `names` (the answer to .../subtasks/metrics without a choice) has them.
std::string FiguresToAsk(const nlohmann::json& names);

// `figures`: the answer to .../subtasks/metrics with that choice.
nlohmann::json OperatorOf(int64_t number, const nlohmann::json& vertex,
                          const nlohmann::json& figures);

// Rows out of the sources, and into the sinks, of a vertex.
struct Rows {
  int64_t in = 0;
  int64_t out = 0;
};
Rows RowsOf(const nlohmann::json& figures);

// The cause of the newest failure in the answer to /jobs/<id>/exceptions; empty: none.
std::string FailureOf(const nlohmann::json& exceptions);

}  // namespace castor::flink
