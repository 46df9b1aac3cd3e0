// stream-exec-deduplicate and stream-exec-changelog-normalize: the operator that Flink's
// StreamExecDeduplicate and StreamExecChangelogNormalize would choose.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeDeduplicate(const OperatorArguments& arguments);
Result<std::unique_ptr<Operator>> MakeChangelogNormalize(const OperatorArguments& arguments);

}  // namespace castor
