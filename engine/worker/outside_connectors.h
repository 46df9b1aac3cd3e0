// Registers the connectors that came from outside the engine: written by
// cmake/outside_connectors.cmake for each worker program.
#pragma once

#include "connector/api/registry.h"
#include "format/api/format.h"
#include "io/file_system.h"

namespace castor::worker {

void RegisterOutsideConnectors(connector::ConnectorRegistry* registry,
                               const format::FormatRegistry* formats,
                               const io::FileSystemRegistry* file_systems);

}  // namespace castor::worker
