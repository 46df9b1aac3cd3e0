// What this worker can run: the one place that names concrete operators, connectors and
// formats (file_systems.h: file systems).
#pragma once

#include "runtime/job/blueprint.h"

namespace castor::worker {

// The registries of the process; made at the first call.
const runtime::Registries& Registrations();

}  // namespace castor::worker
