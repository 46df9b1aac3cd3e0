// The figures of a job of which the past is kept, under Flink's names where Flink has them.
// Stateless.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/metrics/job_board.h"

namespace castor::platform {

struct JobSeries {
  const char* name;
  const char* unit;    // as spec/openapi.yaml names them
  const char* gather;  // several values become one by this function of SQL
  std::optional<double> (*value)(const JobFigures& of);
};

const std::vector<JobSeries>& AllJobSeries();
// Null if there is none.
const JobSeries* FindJobSeries(const std::string& name);

}  // namespace castor::platform
