// Registers the connector `castor-collect`.
#pragma once

#include "connector/api/registry.h"
#include "format/api/format.h"

namespace castor::connector::collect {

// `formats` must outlive the registry.
void RegisterCollect(ConnectorRegistry* registry, const format::FormatRegistry* formats);

}  // namespace castor::connector::collect
