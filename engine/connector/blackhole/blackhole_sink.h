// Registers the connector `blackhole`.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::blackhole {

void RegisterBlackhole(ConnectorRegistry* registry);

}  // namespace castor::connector::blackhole
