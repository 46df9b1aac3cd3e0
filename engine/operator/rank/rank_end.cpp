#include "operator/rank/rank_end.h"

namespace castor {

int64_t ReadRankEnd(const Batch& batch, int32_t field, int32_t row) {
  const Column* column;
  const int32_t at = batch.columns[static_cast<size_t>(field)]->Resolve(row, &column);
  if (at < 0) return 0;
  switch (column->physical()) {
    case PhysicalType::kInt64:
      return column->values<int64_t>()[at];
    case PhysicalType::kInt32:
      return column->values<int32_t>()[at];
    default:
      return column->values<int16_t>()[at];
  }
}

}  // namespace castor
