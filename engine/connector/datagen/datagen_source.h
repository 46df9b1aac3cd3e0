// Registers the connector `datagen`.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::datagen {

void RegisterDatagen(ConnectorRegistry* registry);

Result<std::unique_ptr<Source>> MakeDatagenSource(const SourceArguments& arguments);

}  // namespace castor::connector::datagen
