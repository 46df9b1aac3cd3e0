// Facts about lists of aggregate calls that several of the aggregations need.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/expression.h"

namespace castor::group_aggregate {

// The fields that keys, arguments and filters are taken from, each once.
std::vector<int32_t> UsedFields(const std::vector<int32_t>& grouping,
                                const std::vector<plan::AggregateCall>& calls);

// Whether each row that is added or taken back changes a result: COUNT(*) is among the calls.
bool EveryRowChanges(const std::vector<plan::AggregateCall>& calls);

}  // namespace castor::group_aggregate
