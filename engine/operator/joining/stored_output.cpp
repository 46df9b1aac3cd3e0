#include "operator/joining/stored_output.h"

#include <utility>

namespace castor::joining {

Batch StoredOutput::Take(const BinaryRowCodec& left, const BinaryRowCodec& right) {
  std::vector<ColumnPtr> columns = left.Decode(left_);
  if (output_type_.fields().size() > columns.size()) {
    for (ColumnPtr& column : right.Decode(right_)) columns.push_back(std::move(column));
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i] = columns[i]->WithType(output_type_.fields()[i].type);
  }
  Batch batch(static_cast<int32_t>(left_.size()), std::move(columns));
  left_.clear();
  right_.clear();
  return batch;
}

}  // namespace castor::joining
