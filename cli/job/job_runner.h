// Runs one worker in the foreground: what `castor run` does once there is a bundle.
//
// One thread, one loop over the worker's output, its control socket and signals. On a terminal the
// status is a block redrawn in place and the worker's output passes through here, so that rows
// scroll by above it; elsewhere the output goes straight where ours goes, and the status is a line
// now and then. The first SIGINT, SIGTERM or SIGHUP cancels the job, a second one ends the worker
// at once.
#pragma once

#include <string>
#include <vector>

#include "cli/job/job_registry.h"

namespace castor::cli {

struct RunRequest {
  std::vector<std::string> worker;  // command line, without control socket and report
  std::string script_file;          // as the user called it; empty for a bundle
  std::string script_text;
  bool quiet = false;
};

// The exit code of the process (exit_code.h).
int RunJob(const RunRequest& request, const JobRecord& record);

}  // namespace castor::cli
