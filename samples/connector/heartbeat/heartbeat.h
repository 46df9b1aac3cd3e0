// The connector `heartbeat`: a source of (n BIGINT, at TIMESTAMP_LTZ(3)), one row every interval.
#pragma once

#include "connector/api/registry.h"
#include "format/api/format.h"
#include "io/file_system.h"

namespace samples::heartbeat {

void RegisterHeartbeat(castor::connector::ConnectorRegistry* registry,
                       const castor::format::FormatRegistry* formats,
                       const castor::io::FileSystemRegistry* file_systems);

}  // namespace samples::heartbeat
