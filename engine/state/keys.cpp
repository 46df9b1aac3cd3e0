#include "state/keys.h"

#include <utility>

namespace castor::state {
namespace {

std::vector<LogicalType> TypesOf(const LogicalType& row, const std::vector<int32_t>& fields) {
  std::vector<LogicalType> types;
  types.reserve(fields.size());
  for (const int32_t field : fields) types.push_back(row.fields()[static_cast<size_t>(field)].type);
  return types;
}

}  // namespace

KeyEncoder::KeyEncoder(const LogicalType& input_row, std::vector<int32_t> key_fields)
    : fields_(std::move(key_fields)), codec_(TypesOf(input_row, fields_)) {}

void KeyEncoder::Encode(const Batch& batch, KeyBatch* out) const {
  std::vector<ColumnPtr> columns;
  columns.reserve(fields_.size());
  for (const int32_t field : fields_) columns.push_back(batch.columns[static_cast<size_t>(field)]);
  codec_.Encode(columns, batch.num_rows, &out->rows);
  out->hashes.resize(static_cast<size_t>(batch.num_rows));
  HashBinaryRows(out->rows, out->hashes.data());
}

}  // namespace castor::state
