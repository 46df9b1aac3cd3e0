// stream-exec-over-aggregate: the operator that Flink's StreamExecOverAggregate would choose.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

// Orders by several columns or descending are refused (kUnsupported), as by Flink.
Result<std::unique_ptr<Operator>> MakeOverAggregate(const OperatorArguments& arguments);

}  // namespace castor
