// stream-exec-correlate: each row with the rows that a table function makes of it.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

// Functions are refused by name (kUnsupported).
Result<std::unique_ptr<Operator>> MakeCorrelate(const OperatorArguments& arguments);

}  // namespace castor
