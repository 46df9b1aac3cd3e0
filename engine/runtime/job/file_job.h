// For tests: a job with checkpoints, native ones whose files they share.
#pragma once

#include <string>

#include "runtime/job/checkpointed_job.h"

namespace castor::runtime::test {

struct FileJob : TestJob {
  explicit FileJob(const std::string& directory) { Configure(this, directory); }
};

}  // namespace castor::runtime::test
