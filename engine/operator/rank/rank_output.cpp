#include "operator/rank/rank_output.h"

#include <algorithm>

namespace castor {

RankOutput::RankOutput(const plan::Rank& node)
    : start_(node.variable_range ? 1 : node.start),
      end_(node.end),
      update_before_(node.generate_update_before),
      numbered_(node.output_row_number) {
  if (numbered_) number_type_ = node.output_type.fields().back().type;
}

bool RankOutput::Emit(RowKind kind, std::string_view row, int64_t number) {
  if (number < start_ || number > end_) return false;
  if (kind == RowKind::kUpdateBefore && !update_before_) return false;
  rows_.Emit(kind, row);
  if (numbered_) numbers_.push_back(number);
  return true;
}

Batch RankOutput::Take(const RowEncoder& encoder) {
  Batch batch = rows_.Take(encoder);
  if (!numbered_) return batch;
  MutableColumnPtr numbers = Column::MakeFlat(number_type_, batch.num_rows);
  std::copy(numbers_.begin(), numbers_.end(), numbers->mutable_values<int64_t>());
  batch.columns.push_back(std::move(numbers));
  numbers_.clear();
  return batch;
}

}  // namespace castor
