// stream-exec-values: the rows of a VALUES list, once.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeValues(const OperatorArguments& arguments);

}  // namespace castor
