// stream-exec-join: the operator that Flink's StreamExecJoin would choose.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeJoin(const OperatorArguments& arguments);

}  // namespace castor
