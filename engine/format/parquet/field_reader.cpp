#include "format/parquet/field_reader.h"

#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <utility>

namespace castor::format::parquet {
namespace {

using ::parquet::schema::GroupNode;
using ::parquet::schema::Node;

std::string ColumnNamed(const std::string& name) { return "column '" + name + "'"; }

// How many of the node and those around it are optional.
int16_t DefinitionLevel(const Node& node) {
  int16_t level = 0;
  for (const Node* at = &node; at->parent() != nullptr; at = at->parent()) {
    if (at->is_optional()) ++level;
  }
  return level;
}

}  // namespace

Result<std::unique_ptr<FieldReader>> FieldReader::Make(const ::parquet::SchemaDescriptor& schema,
                                                       const GroupNode& group,
                                                       const LogicalType::Field& field,
                                                       const std::string& name,
                                                       const LocalTime& zone) {
  std::unique_ptr<FieldReader> reader(new FieldReader(name, field.type));
  const int index = group.FieldIndex(field.name);
  if (index < 0) {
    if (field.type.nullable()) return reader;
    return Status::InvalidArgument(ColumnNamed(name) +
                                   " is NOT NULL, but the file does not have it; declare it "
                                   "nullable to read it as NULL");
  }
  const Node& node = *group.field(index);
  if (field.type.kind() == TypeKind::kRow) {
    CASTOR_RETURN_NOT_OK(reader->MakeChildren(schema, node, zone));
    return reader;
  }
  const int column = schema.ColumnIndex(node);
  if (node.is_group() || column < 0) {
    return Status::InvalidArgument(ColumnNamed(name) + ": the table declares " +
                                   field.type.ToString() +
                                   ", but the file holds a group of fields");
  }
  auto leaf = LeafReader::Make(*schema.Column(column), column, field.type, zone);
  if (!leaf.ok()) return leaf.status().WithContext(ColumnNamed(name));
  reader->leaf_ = std::move(leaf).value();
  return reader;
}

Status FieldReader::MakeChildren(const ::parquet::SchemaDescriptor& schema, const Node& node,
                                 const LocalTime& zone) {
  const bool is_row = node.is_group() && !node.is_repeated() &&
                      (node.logical_type() == nullptr || node.logical_type()->is_none());
  if (!is_row) {
    return Status::InvalidArgument(ColumnNamed(name_) + ": the table declares " + type_.ToString() +
                                   ", but the file does not hold a group of fields there");
  }
  present_level_ = DefinitionLevel(node);
  const auto& group = static_cast<const GroupNode&>(node);
  for (const LogicalType::Field& field : type_.fields()) {
    CASTOR_ASSIGN_OR_RETURN(auto child, Make(schema, group, field, name_ + "." + field.name, zone));
    children_.push_back(std::move(child));
  }
  // Only a field that is there says which rows are NULL.
  for (const auto& child : children_) {
    if (child->leaf_ != nullptr || !child->children_.empty()) return Status::OK();
  }
  return Status::InvalidArgument(ColumnNamed(name_) + ": the file has none of the fields of " +
                                 type_.ToString());
}

Status FieldReader::Open(::parquet::RowGroupReader* row_group, int64_t skip) {
  if (leaf_ != nullptr) return leaf_->Open(row_group, skip).WithContext(ColumnNamed(name_));
  for (const auto& child : children_) CASTOR_RETURN_NOT_OK(child->Open(row_group, skip));
  return Status::OK();
}

Result<ColumnPtr> FieldReader::Read(int32_t rows) {
  if (!children_.empty()) return ReadRow(rows);
  if (leaf_ == nullptr) return Column::MakeNull(type_, rows);
  auto column = leaf_->Read(rows);
  if (!column.ok()) return column.status().WithContext(ColumnNamed(name_));
  return ColumnPtr(std::move(column).value());
}

const int16_t* FieldReader::levels() const {
  if (leaf_ != nullptr) return leaf_->levels();
  for (const auto& child : children_) {
    if (const int16_t* levels = child->levels()) return levels;
  }
  return nullptr;
}

Result<ColumnPtr> FieldReader::ReadRow(int32_t rows) {
  std::vector<ColumnPtr> columns;
  for (const auto& child : children_) {
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, child->Read(rows));
    columns.push_back(std::move(column));
  }
  MutableColumnPtr result = Column::MakeRow(type_, rows, nullptr, std::move(columns));
  const int16_t* const defined = present_level_ > 0 ? levels() : nullptr;
  for (int32_t row = 0; defined != nullptr && row < rows; ++row) {
    if (defined[row] < present_level_) result->SetNull(row);
  }
  return ColumnPtr(std::move(result));
}

}  // namespace castor::format::parquet
