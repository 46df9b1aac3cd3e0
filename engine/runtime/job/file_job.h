// For tests: a job with checkpoints whose stores keep state in files.
#pragma once

#include <string>

#include "runtime/job/checkpointed_job.h"
#include "runtime/job/test_file_store.h"

namespace castor::runtime::test {

struct FileJob : TestJob {
  explicit FileJob(const std::string& directory) {
    Configure(this, directory);
    registries.make_store = &FileStore::Make;
  }
};

}  // namespace castor::runtime::test
