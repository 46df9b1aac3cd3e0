// The threads for what blocks, reading and writing runs and merging them: one pool for all
// instances of the process, which goes when the last of them has gone. Thread-safe.
#pragma once

#include <memory>

#include "base/io_pool.h"

namespace castor::flink {

// The first caller makes it.
std::shared_ptr<IoPool> ProcessPool();

}  // namespace castor::flink
