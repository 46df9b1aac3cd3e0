// stream-exec-rank, stream-exec-sort-limit and stream-exec-limit: the operator that Flink's
// StreamExecRank would choose.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

// RANK and DENSE_RANK, OFFSET without a LIMIT, and orders by types that have none are refused
// (kUnsupported), as by Flink.
Result<std::unique_ptr<Operator>> MakeRank(const OperatorArguments& arguments);

}  // namespace castor
