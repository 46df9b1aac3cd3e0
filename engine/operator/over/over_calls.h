// The calls of an OVER window over the input's fields and the constants behind them.
#pragma once

#include <memory>

#include "aggregate/aggregator.h"
#include "expr/program.h"
#include "plan/nodes/over.h"

namespace castor::over {

aggregate::AggregateSpec CallsOf(const plan::OverAggregate& node, const LogicalType& input);

Result<std::unique_ptr<expr::Program>> CompileConstants(const plan::OverAggregate& node,
                                                        const Configuration& configuration);
// Appends the constants as columns to a batch of the input's fields.
Status AppendConstants(expr::Program& constants, size_t count, Batch* batch);

}  // namespace castor::over
