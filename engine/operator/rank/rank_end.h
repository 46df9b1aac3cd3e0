// The last number of a Top-N where a column says it (`WHERE row_number <= n`): Flink's
// VariableRankRange, of which the first row of a partition decides.
#pragma once

#include <cstdint>

#include "column/batch.h"

namespace castor {

// `field` is BIGINT, INTEGER or SMALLINT; NULL counts as 0.
int64_t ReadRankEnd(const Batch& batch, int32_t field, int32_t row);

}  // namespace castor
