// stream-exec-drop-update-before: for consumers that replace rows by key (upsert), -U says nothing
// new.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeDropUpdateBefore(const OperatorArguments& arguments);

}  // namespace castor
