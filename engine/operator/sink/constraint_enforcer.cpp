#include "operator/sink/constraint_enforcer.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "column/gather.h"
#include "operator/api/marks.h"
#include "operator/sink/text_length.h"

namespace castor {
namespace {

constexpr const char* kNotNullOption = "table.exec.sink.not-null-enforcer";
constexpr const char* kLengthOption = "table.exec.sink.type-length-enforcer";
constexpr const char* kNestedOption = "table.exec.sink.nested-constraint-enforcer";

Status UnknownValue(const char* option, const std::string& value, const char* known) {
  return Status::InvalidArgument("option '" + std::string(option) + "': '" + value +
                                 "' is not one of " + known);
}

bool HasLength(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kBinary:
      return true;
    case TypeKind::kVarChar:
    case TypeKind::kVarBinary:
      return type.length() != INT32_MAX;
    default:
      return false;
  }
}

// How messages name a field of a row, or what is in a list.
std::string ChildName(const LogicalType& type, size_t child) {
  if (type.kind() == TypeKind::kRow) return type.fields()[child].name;
  if (type.kind() == TypeKind::kArray) return "[]";
  return child == 0 ? "[key]" : "[value]";
}

}  // namespace

Result<ConstraintEnforcer> ConstraintEnforcer::Make(const LogicalType& row,
                                                    const Configuration& options) {
  ConstraintEnforcer enforcer;
  const std::string not_null = options.GetString(kNotNullOption, "ERROR");
  if (not_null == "DROP") {
    enforcer.not_null_ = NotNullEnforcement::kDrop;
  } else if (not_null != "ERROR") {
    return UnknownValue(kNotNullOption, not_null, "ERROR, DROP");
  }
  const std::string length = options.GetString(kLengthOption, "IGNORE");
  if (length == "TRIM_PAD") {
    enforcer.length_ = LengthEnforcement::kTrimPad;
  } else if (length == "ERROR") {
    enforcer.length_ = LengthEnforcement::kError;
  } else if (length != "IGNORE") {
    return UnknownValue(kLengthOption, length, "IGNORE, TRIM_PAD, ERROR");
  }
  const std::string nested = options.GetString(kNestedOption, "IGNORE");
  if (nested != "IGNORE" && nested != "ROWS" && nested != "ROWS_AND_COLLECTIONS") {
    return UnknownValue(kNestedOption, nested, "IGNORE, ROWS, ROWS_AND_COLLECTIONS");
  }
  if (nested == "ROWS_AND_COLLECTIONS" && length == "TRIM_PAD") {
    return Status::InvalidArgument(
        "Trimming and/or padding is not supported if constraint checking is enabled on types "
        "nested "
        "in collections");
  }
  const Depth depth = nested == "IGNORE" ? Depth::kColumns
                      : nested == "ROWS" ? Depth::kRows
                                         : Depth::kCollections;
  enforcer.fields_ = FieldsOf(row, "", enforcer.length_ != LengthEnforcement::kIgnore, depth);
  return enforcer;
}

std::vector<ConstraintEnforcer::Field> ConstraintEnforcer::FieldsOf(const LogicalType& type,
                                                                    const std::string& prefix,
                                                                    bool lengths, Depth depth) {
  std::vector<Field> fields;
  const std::vector<LogicalType> types = type.ChildTypes();
  for (size_t i = 0; i < types.size(); ++i) {
    const LogicalType& declared = types[i];
    Field field{i, prefix + ChildName(type, i), declared, !declared.nullable(), false, {}};
    field.length = lengths && HasLength(declared);
    const Depth needed =
        declared.physical() == PhysicalType::kList ? Depth::kCollections : Depth::kRows;
    if (!declared.ChildTypes().empty() && depth >= needed) {
      const std::string separator = declared.kind() == TypeKind::kRow ? "." : "";
      field.nested = FieldsOf(declared, field.name + separator, lengths, depth);
    }
    if (field.not_null || field.length || !field.nested.empty()) fields.push_back(std::move(field));
  }
  return fields;
}

bool ConstraintEnforcer::Changes(int32_t field) const {
  if (length_ != LengthEnforcement::kTrimPad) return false;
  return std::any_of(fields_.begin(), fields_.end(), [field](const Field& constrained) {
    return constrained.index == static_cast<size_t>(field) &&
           (constrained.length || !constrained.nested.empty());
  });
}

// Marks in `bad` the rows in which a field that must not be NULL is; fields of nested rows count
// only where the rows around them are `present` (nullptr: everywhere).
Status ConstraintEnforcer::FindNulls(const std::vector<Field>& fields,
                                     const std::vector<ColumnPtr>& columns,
                                     const std::vector<uint8_t>* present,
                                     std::vector<uint8_t>* bad) const {
  for (const Field& field : fields) {
    const ColumnPtr& column = columns[field.index];
    const bool has_nulls = column->MayHaveNulls();
    const auto is_present = [&](size_t row) { return present == nullptr || (*present)[row] != 0; };
    if (field.not_null && has_nulls) {
      for (size_t row = 0; row < bad->size(); ++row) {
        if (!column->IsNull(static_cast<int32_t>(row)) || !is_present(row)) continue;
        if (not_null_ == NotNullEnforcement::kError) {
          return Status::DataError(
              "Column '" + field.name +
              "' is NOT NULL, however, a null value is being written into it. You can set job "
              "configuration '" +
              kNotNullOption +
              "'='DROP' to suppress this exception and drop such records silently");
        }
        (*bad)[row] = 1;
      }
    }
    if (!field.nested.empty()) {
      CASTOR_RETURN_NOT_OK(FindNullsWithin(field, column, present, bad));
    }
  }
  return Status::OK();
}

Status ConstraintEnforcer::FindNullsWithin(const Field& field, const ColumnPtr& column,
                                           const std::vector<uint8_t>* present,
                                           std::vector<uint8_t>* bad) const {
  const ColumnPtr flat = Flatten(column);
  std::vector<uint8_t> inside(bad->size(), 1);
  for (size_t row = 0; row < bad->size(); ++row) {
    const bool is_present = present == nullptr || (*present)[row] != 0;
    inside[row] = is_present && !flat->IsNull(static_cast<int32_t>(row));
  }
  if (flat->physical() == PhysicalType::kRow) {
    return FindNulls(field.nested, flat->children(), &inside, bad);
  }
  const ColumnPtr lists = CompactLists(flat);
  const auto* refs = lists->values<ListRef>();
  std::vector<uint8_t> elements(static_cast<size_t>(lists->children()[0]->size()), 0);
  for (size_t row = 0; row < bad->size(); ++row) {
    std::fill_n(elements.begin() + refs[row].offset, refs[row].size, inside[row]);
  }
  std::vector<uint8_t> bad_elements(elements.size(), 0);
  CASTOR_RETURN_NOT_OK(FindNulls(field.nested, lists->children(), &elements, &bad_elements));
  for (size_t row = 0; row < bad->size(); ++row) {
    const auto first = bad_elements.begin() + refs[row].offset;
    (*bad)[row] |= std::count(first, first + refs[row].size, 1) > 0;
  }
  return Status::OK();
}

Result<ColumnPtr> ConstraintEnforcer::EnforceLength(const Field& field,
                                                    const ColumnPtr& column) const {
  const LengthRule rule = LengthRule::Of(field.type);
  if (length_ == LengthEnforcement::kTrimPad) return TrimOrPad(column, rule);
  const int64_t length = FindWrongLength(*column, rule);
  if (length < 0) return column;
  return Status::DataError("Column '" + field.name + "' is " +
                           field.type.WithNullable(true).ToString() +
                           ", however, a string of length " + std::to_string(length) +
                           " is being written into it. You can set job configuration '" +
                           kLengthOption + "' to control this behaviour");
}

Result<ColumnPtr> ConstraintEnforcer::EnforceLengths(const Field& field,
                                                     const ColumnPtr& column) const {
  if (field.length) return EnforceLength(field, column);
  if (field.nested.empty() || length_ == LengthEnforcement::kIgnore) return column;
  const bool list = column->physical() == PhysicalType::kList;
  const ColumnPtr flat = list ? CompactLists(Flatten(column)) : Flatten(column);
  std::vector<ColumnPtr> children = flat->children();
  for (const Field& nested : field.nested) {
    CASTOR_ASSIGN_OR_RETURN(children[nested.index], EnforceLengths(nested, children[nested.index]));
  }
  if (list || children == flat->children()) return column;  // lists are checked, never changed
  return ColumnPtr(
      Column::MakeRow(flat->type(), flat->size(), flat->validity_buffer(), std::move(children)));
}

Result<Batch> ConstraintEnforcer::Enforce(Batch batch) const {
  if (fields_.empty() || batch.num_rows == 0) return batch;
  std::vector<uint8_t> bad(static_cast<size_t>(batch.num_rows), 0);
  CASTOR_RETURN_NOT_OK(FindNulls(fields_, batch.columns, nullptr, &bad));
  std::vector<int32_t> good;
  good.reserve(bad.size());
  for (size_t row = 0; row < bad.size(); ++row) {
    if (bad[row] == 0) good.push_back(static_cast<int32_t>(row));
  }
  if (good.size() < bad.size()) {
    Batch kept = Gather(batch, good.data(), static_cast<int32_t>(good.size()));
    kept.marks = MarksOfSelected(batch.marks, good);
    batch = std::move(kept);
  }
  for (const Field& field : fields_) {
    ColumnPtr& column = batch.columns[field.index];
    CASTOR_ASSIGN_OR_RETURN(column, EnforceLengths(field, column));
  }
  return batch;
}

}  // namespace castor
