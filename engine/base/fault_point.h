// Named places in the checkpoint, commit and restore protocol where a test can kill or fail the
// process.
//
// `CASTOR_FAULT=<name>[:<hit>]` in the environment makes the process raise SIGKILL against itself
// the `hit`-th time (default first) the point is reached; `CASTOR_FAULT=<name>[:<hit>]:error` makes
// the point return an I/O error instead. `CASTOR_FAULT_TRACE=<file>` appends the name of every
// point passed, which is how the crash tests count their coverage. Without these variables a point
// costs one relaxed load. Thread-safe. Never place one on a row path.
#pragma once

#include <string_view>

#include "base/status.h"

namespace castor {

Status FaultPoint(std::string_view name);

}  // namespace castor
