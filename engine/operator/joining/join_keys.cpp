#include "operator/joining/join_keys.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "column/binary_row_layout.h"

namespace castor::joining {

JoinKeys::JoinKeys(const LogicalType& row, std::vector<int32_t> fields,
                   std::vector<bool> filter_nulls)
    : fields_(std::move(fields)), encoder_(row, fields_) {
  for (size_t i = 0; i < filter_nulls.size(); ++i) {
    if (filter_nulls[i]) filtering_.push_back(i);
  }
}

void JoinKeys::Matchable(const Batch& batch, std::vector<int32_t>* rows) const {
  rows->clear();
  std::vector<const Column*> may_be_null;
  for (const size_t key : filtering_) {
    const Column* column = batch.columns[static_cast<size_t>(fields_[key])].get();
    if (column->MayHaveNulls()) may_be_null.push_back(column);
  }
  if (may_be_null.empty()) {
    rows->resize(static_cast<size_t>(batch.num_rows));
    std::iota(rows->begin(), rows->end(), 0);
    return;
  }
  for (int32_t row = 0; row < batch.num_rows; ++row) {
    const bool null = std::any_of(may_be_null.begin(), may_be_null.end(),
                                  [row](const Column* column) { return column->IsNull(row); });
    if (!null) rows->push_back(row);
  }
}

bool JoinKeys::EqualsNothing(std::string_view key) const {
  return std::any_of(filtering_.begin(), filtering_.end(), [key](size_t field) {
    const size_t bit = binary_row::kHeaderBits + field;
    return (static_cast<uint8_t>(key[bit / 8]) >> (bit % 8) & 1) != 0;
  });
}

}  // namespace castor::joining
