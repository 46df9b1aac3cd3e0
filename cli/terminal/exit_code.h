// What the process's exit code says. The first six are also those of castor-worker.
#pragma once

#include "base/status.h"

namespace castor::cli {

enum ExitCode : int {
  kSuccess = 0,      // finished, or stopped with a savepoint
  kJobFailed = 1,    // while running
  kUsage = 2,        // the command line, the script, an option or a table is wrong
  kUnsupported = 3,  // valid, but not supported; the error names it
  kBadSnapshot = 4,  // damaged, foreign, or does not fit the job
  kBroken = 5,       // the planner or the worker is missing or does not answer
  kCancelled = 130,
};

ExitCode ExitCodeOf(const Status& status);

// Prints `castor: error: ...` on standard error and gives the code to leave with.
ExitCode Fail(const Status& status);

}  // namespace castor::cli
