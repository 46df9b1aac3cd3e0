#include "operator/joining/join_output.h"

#include <cstring>

#include "column/gather.h"

namespace castor::joining {

void JoinOutput::AppendOwn(const Batch& own, std::vector<ColumnPtr>* columns) const {
  for (const ColumnPtr& column : own.columns) {
    columns->push_back(Gather(*column, own_rows_.data(), static_cast<int32_t>(own_rows_.size())));
  }
}

void JoinOutput::AppendStored(const BinaryRowCodec& stored, std::vector<ColumnPtr>* columns) const {
  for (ColumnPtr& column : stored.Decode(stored_rows_)) columns->push_back(std::move(column));
}

Batch JoinOutput::Take(const Batch& own, const BinaryRowCodec& stored, bool own_is_left) {
  std::vector<ColumnPtr> columns;
  if (own_is_left) {
    AppendOwn(own, &columns);
    if (columns_ == Columns::kBoth) AppendStored(stored, &columns);
  } else {
    AppendStored(stored, &columns);
    if (columns_ == Columns::kBoth) AppendOwn(own, &columns);
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i] = columns[i]->WithType(output_type_.fields()[i].type);
  }
  Batch batch(static_cast<int32_t>(own_rows_.size()), std::move(columns));
  if (!all_inserts_) {
    batch.row_kinds = Buffer::Allocate(kinds_.size());
    std::memcpy(batch.row_kinds->data(), kinds_.data(), kinds_.size());
  }
  own_rows_.clear();
  stored_rows_.clear();
  kinds_.clear();
  all_inserts_ = true;
  return batch;
}

}  // namespace castor::joining
