#include "operator/rows/row_encoder.h"

#include <utility>

namespace castor {
namespace {

std::vector<LogicalType> AllTypes(const LogicalType& row) {
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : row.fields()) types.push_back(field.type);
  return types;
}

std::unique_ptr<BinaryRowCodec> MatchCodec(const LogicalType& row,
                                           const std::vector<int32_t>& fields) {
  if (fields.empty()) return nullptr;
  std::vector<LogicalType> types;
  for (const int32_t field : fields) {
    types.push_back(row.fields()[static_cast<size_t>(field)].type);
  }
  return std::make_unique<BinaryRowCodec>(std::move(types));
}

}  // namespace

RowEncoder::RowEncoder(const LogicalType& row, std::vector<int32_t> match_fields)
    : match_fields_(std::move(match_fields)),
      row_codec_(AllTypes(row)),
      match_codec_(MatchCodec(row, match_fields_)),
      schema_("rows of " + row.ToString() + " matched by") {
  if (match_fields_.empty()) schema_ += " all fields";
  for (const int32_t field : match_fields_) schema_ += " " + std::to_string(field);
}

void RowEncoder::Encode(const Batch& batch) {
  row_codec_.Encode(batch.columns, batch.num_rows, &rows_);
  if (match_codec_ == nullptr) return;
  std::vector<ColumnPtr> columns;
  for (const int32_t field : match_fields_) {
    columns.push_back(batch.columns[static_cast<size_t>(field)]);
  }
  match_codec_->Encode(columns, batch.num_rows, &match_keys_);
}

}  // namespace castor
