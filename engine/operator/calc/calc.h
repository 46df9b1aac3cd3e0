// stream-exec-calc: projections behind an optional condition.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeCalc(const OperatorArguments& arguments);

}  // namespace castor
