// stream-exec-window-table-function.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeWindowTableFunction(const OperatorArguments& arguments);

}  // namespace castor
