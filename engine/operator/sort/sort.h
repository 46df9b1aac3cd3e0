// stream-exec-sort and stream-exec-temporal-sort.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

// Orders by types that have none are refused (kUnsupported).
Result<std::unique_ptr<Operator>> MakeSort(const OperatorArguments& arguments);
Result<std::unique_ptr<Operator>> MakeTemporalSort(const OperatorArguments& arguments);

}  // namespace castor
