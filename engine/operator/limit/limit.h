// stream-exec-limit: LIMIT and OFFSET without an order (Flink's StreamExecLimit, a Top-N whose rows
// are all equal, so that the first ones stay).
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

// OFFSET without a LIMIT is refused (kUnsupported), as by Flink.
Result<std::unique_ptr<Operator>> MakeLimit(const OperatorArguments& arguments);

}  // namespace castor
