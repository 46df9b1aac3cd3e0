// Registers the connector `print`.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::print {

void RegisterPrint(ConnectorRegistry* registry);

// What stands before each line of a subtask (PrintSinkOutputWriter).
std::string LinePrefix(std::string identifier, int32_t subtask, int32_t parallelism);

}  // namespace castor::connector::print
