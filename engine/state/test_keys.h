// Keys for tests and benchmarks of states.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "state/keys.h"

namespace castor::state {

// Keys of one BIGINT each.
inline KeyBatch MakeKeys(const std::vector<int64_t>& values) {
  const LogicalType row = LogicalType::Row({{"k", LogicalType::BigInt()}});
  auto column = Column::MakeFlat(LogicalType::BigInt(), static_cast<int32_t>(values.size()));
  std::copy(values.begin(), values.end(), column->mutable_values<int64_t>());
  KeyBatch keys;
  KeyEncoder(row, {0}).Encode(Batch(static_cast<int32_t>(values.size()), {column}), &keys);
  return keys;
}

}  // namespace castor::state
