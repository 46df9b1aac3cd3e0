// stream-exec-expand: each row once for each of several projections (grouping sets, split
// DISTINCTs).
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeExpand(const OperatorArguments& arguments);

}  // namespace castor
