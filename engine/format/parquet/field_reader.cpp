#include "format/parquet/field_reader.h"

#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <algorithm>
#include <utility>

#include "format/parquet/parquet_schema.h"

namespace castor::format::parquet {
namespace {

using ::parquet::schema::GroupNode;
using ::parquet::schema::Node;

std::string ColumnNamed(const std::string& name) { return "column '" + name + "'"; }

// How many of the node and those around it are optional or repeated.
int16_t DefinitionLevel(const Node& node) {
  int16_t level = 0;
  for (const Node* at = &node; at->parent() != nullptr; at = at->parent()) {
    if (!at->is_required()) ++level;
  }
  return level;
}

// The definition level of the innermost repeated node around `node`, and how many there are.
void FindRepeated(const Node& node, int16_t* level, int16_t* count) {
  for (const Node* at = node.parent(); at != nullptr && at->parent() != nullptr;
       at = at->parent()) {
    if (!at->is_repeated()) continue;
    if (*count == 0) *level = DefinitionLevel(*at);
    ++*count;
  }
}

// The node of the elements' own, within a list that has the usual three levels.
const GroupNode* RepeatedGroup(const Node& node) {
  if (!node.is_group() || node.is_repeated()) return nullptr;
  const auto& group = static_cast<const GroupNode&>(node);
  if (group.field_count() != 1 || !group.field(0)->is_repeated()) return nullptr;
  if (!group.field(0)->is_group()) return nullptr;
  return static_cast<const GroupNode*>(group.field(0).get());
}

}  // namespace

Result<std::unique_ptr<FieldReader>> FieldReader::Make(const ::parquet::SchemaDescriptor& schema,
                                                       const GroupNode& group,
                                                       const LogicalType::Field& field,
                                                       const std::string& name,
                                                       const LocalTime& zone) {
  const int index = group.FieldIndex(field.name);
  if (index >= 0) return MakeAt(schema, *group.field(index), field, name, zone);
  if (field.type.nullable()) {
    return std::unique_ptr<FieldReader>(new FieldReader(name, field.type));
  }
  return Status::InvalidArgument(ColumnNamed(name) +
                                 " is NOT NULL, but the file does not have it; declare it "
                                 "nullable to read it as NULL");
}

Result<std::unique_ptr<FieldReader>> FieldReader::MakeAt(const ::parquet::SchemaDescriptor& schema,
                                                         const Node& node,
                                                         const LogicalType::Field& field,
                                                         const std::string& name,
                                                         const LocalTime& zone) {
  std::unique_ptr<FieldReader> reader(new FieldReader(name, field.type));
  reader->present_level_ = DefinitionLevel(node);
  FindRepeated(node, &reader->around_level_, &reader->repetition_);
  if (field.type.physical() == PhysicalType::kRow) {
    CASTOR_RETURN_NOT_OK(reader->MakeFields(schema, node, zone));
    return reader;
  }
  if (field.type.physical() == PhysicalType::kList) {
    CASTOR_RETURN_NOT_OK(reader->MakeElements(schema, node, zone));
    return reader;
  }
  const int column = schema.ColumnIndex(node);
  if (node.is_group() || column < 0) return reader->Mismatch("holds a group of fields");
  auto leaf =
      LeafReader::Make(*schema.Column(column), column, field.type, reader->repetition_, zone);
  if (!leaf.ok()) return leaf.status().WithContext(ColumnNamed(name));
  reader->leaf_ = std::move(leaf).value();
  return reader;
}

Status FieldReader::Mismatch(const char* found) const {
  return Status::InvalidArgument(ColumnNamed(name_) + ": the table declares " + type_.ToString() +
                                 ", but the file " + found);
}

Status FieldReader::MakeFields(const ::parquet::SchemaDescriptor& schema, const Node& node,
                               const LocalTime& zone) {
  const bool is_row = node.is_group() && !node.is_repeated() &&
                      (node.logical_type() == nullptr || node.logical_type()->is_none());
  if (!is_row) return Mismatch("does not hold a group of fields there");
  const auto& group = static_cast<const GroupNode&>(node);
  for (const LogicalType::Field& field : type_.fields()) {
    CASTOR_ASSIGN_OR_RETURN(auto child, Make(schema, group, field, name_ + "." + field.name, zone));
    children_.push_back(std::move(child));
  }
  // Only a field that is there says which rows are NULL.
  if (any_leaf() != nullptr) return Status::OK();
  return Status::InvalidArgument(ColumnNamed(name_) + ": the file has none of the fields of " +
                                 type_.ToString());
}

Status FieldReader::MakeElements(const ::parquet::SchemaDescriptor& schema, const Node& node,
                                 const LocalTime& zone) {
  const GroupNode* repeated = RepeatedGroup(node);
  const std::vector<LogicalType::Field> elements = ListParts(type_);
  if (repeated == nullptr || repeated->field_count() != static_cast<int>(elements.size())) {
    return Mismatch("does not hold lists or maps of three levels there");
  }
  for (size_t i = 0; i < elements.size(); ++i) {
    const Node& child = *repeated->field(static_cast<int>(i));
    CASTOR_ASSIGN_OR_RETURN(
        auto reader, MakeAt(schema, child, elements[i], name_ + "." + elements[i].name, zone));
    children_.push_back(std::move(reader));
  }
  return Status::OK();
}

Status FieldReader::Open(::parquet::RowGroupReader* row_group, int64_t skip) {
  if (leaf_ != nullptr) return leaf_->Open(row_group, skip).WithContext(ColumnNamed(name_));
  for (const auto& child : children_) CASTOR_RETURN_NOT_OK(child->Open(row_group, skip));
  return Status::OK();
}

Result<ColumnPtr> FieldReader::Read(int32_t rows) {
  if (!children_.empty()) {
    return type_.physical() == PhysicalType::kRow ? ReadRow(rows) : ReadLists(rows);
  }
  if (leaf_ == nullptr) return Column::MakeNull(type_, rows);
  auto column = leaf_->Read(rows);
  if (!column.ok()) return column.status().WithContext(ColumnNamed(name_));
  return ColumnPtr(std::move(column).value());
}

const LeafReader* FieldReader::any_leaf() const {
  if (leaf_ != nullptr) return leaf_.get();
  for (const auto& child : children_) {
    if (const LeafReader* leaf = child->any_leaf()) return leaf;
  }
  return nullptr;
}

bool FieldReader::BeginsValue(const LeafReader& leaf, int64_t i) const {
  if (leaf.repetitions() != nullptr && leaf.repetitions()[i] > repetition_) return false;
  return leaf.levels() == nullptr || leaf.levels()[i] >= around_level_;
}

// A field that the file lacks has as many NULLs as those beside it have values.
Result<ColumnPtr> FieldReader::ReadRow(int32_t rows) {
  std::vector<ColumnPtr> columns(children_.size());
  int32_t values = 0;
  for (size_t i = 0; i < children_.size(); ++i) {
    if (children_[i]->any_leaf() == nullptr) continue;
    CASTOR_ASSIGN_OR_RETURN(columns[i], children_[i]->Read(rows));
    values = columns[i]->size();
  }
  for (size_t i = 0; i < children_.size(); ++i) {
    if (columns[i] == nullptr) columns[i] = Column::MakeNull(children_[i]->type_, values);
  }
  MutableColumnPtr result = Column::MakeRow(type_, values, nullptr, std::move(columns));
  const LeafReader& leaf = *any_leaf();
  if (leaf.levels() == nullptr) return ColumnPtr(std::move(result));
  int32_t row = 0;
  for (int64_t i = 0; i < leaf.level_count(); ++i) {
    if (!BeginsValue(leaf, i)) continue;
    if (leaf.levels()[i] < present_level_) result->SetNull(row);
    ++row;
  }
  return ColumnPtr(std::move(result));
}

Result<ColumnPtr> FieldReader::ReadLists(int32_t rows) {
  std::vector<ColumnPtr> elements;
  for (const auto& child : children_) {
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, child->Read(rows));
    elements.push_back(std::move(column));
  }
  const LeafReader& leaf = *any_leaf();
  std::vector<ListRef> lists;
  std::vector<bool> there;
  int32_t element = 0;
  for (int64_t i = 0; i < leaf.level_count(); ++i) {
    if (leaf.repetitions()[i] > repetition_ + 1 || leaf.levels()[i] < around_level_) continue;
    if (leaf.repetitions()[i] <= repetition_) {
      lists.push_back({element, 0});
      there.push_back(leaf.levels()[i] >= present_level_);
    }
    if (leaf.levels()[i] <= present_level_) continue;
    ++lists.back().size;
    ++element;
  }
  if (element != elements[0]->size() || element != elements.back()->size()) {
    return Status::Corruption(ColumnNamed(name_) + ": elements of lists are missing");
  }
  const auto count = static_cast<int32_t>(lists.size());
  BufferPtr refs = Buffer::Allocate(lists.size() * sizeof(ListRef));
  std::copy(lists.begin(), lists.end(), refs->as<ListRef>());
  MutableColumnPtr result =
      Column::MakeList(type_, count, std::move(refs), nullptr, std::move(elements));
  for (int32_t row = 0; row < count; ++row) {
    if (!there[static_cast<size_t>(row)]) result->SetNull(row);
  }
  return ColumnPtr(std::move(result));
}

}  // namespace castor::format::parquet
