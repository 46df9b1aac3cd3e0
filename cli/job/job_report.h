// How a job ended, as its worker wrote it down (spec/worker-control.md, `--report`).
#pragma once

#include <optional>
#include <string>

#include "cli/job/job_status.h"

namespace castor::cli {

struct JobReport {
  std::string error;                // empty: none
  std::string error_code;           // as spec/worker-control.md names them
  std::optional<JobStatus> status;  // nothing if the job could not start
};

// Nothing if the worker left no report: it crashed, or was killed.
std::optional<JobReport> ReadJobReport(const std::string& path);

}  // namespace castor::cli
