// stream-exec-mini-batch-assigner: watermarks that say when mini-batches end.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeMiniBatchAssigner(const OperatorArguments& arguments);

}  // namespace castor
