#include "format/api/decode_check.h"

#include <algorithm>
#include <string>
#include <vector>

namespace castor::format {
namespace {

// Types that no format knows.
bool HasNoForm(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kVariant:
    case TypeKind::kBitmap:
    case TypeKind::kSymbol:
      return true;
    default:
      return false;
  }
}

bool AllHaveText(const LogicalType& type) {
  if (type.kind() == TypeKind::kSymbol) return false;
  const std::vector<LogicalType> children = type.ChildTypes();
  return std::all_of(children.begin(), children.end(), AllHaveText);
}

Status CheckType(const LogicalType& type, const std::string& name, std::string_view format,
                 TypeSupport support) {
  const PhysicalType physical = type.physical();
  if (HasNoForm(type) || (physical == PhysicalType::kRow && !support.rows) ||
      (physical == PhysicalType::kList && !support.lists)) {
    return Status::Unsupported("column '" + name + "': format '" + std::string(format) +
                               "' does not support type " + type.ToString());
  }
  for (const LogicalType& child : type.children()) {
    CASTOR_RETURN_NOT_OK(CheckType(child, name, format, support));
  }
  for (const LogicalType::Field& field : type.fields()) {
    CASTOR_RETURN_NOT_OK(CheckType(field.type, name + "." + field.name, format, support));
  }
  return Status::OK();
}

}  // namespace

Status CheckRowType(const LogicalType& row, std::string_view format, TypeSupport support) {
  for (const LogicalType::Field& field : row.fields()) {
    CASTOR_RETURN_NOT_OK(CheckType(field.type, field.name, format, support));
  }
  return Status::OK();
}

Status CheckMapKeys(const LogicalType& type, std::string_view format) {
  const bool map = type.kind() == TypeKind::kMap || type.kind() == TypeKind::kMultiset;
  if (map && !type.children()[0].IsString()) {
    return Status::Unsupported("format '" + std::string(format) +
                               "' does not support keys other than strings, as in type " +
                               type.ToString());
  }
  for (const LogicalType& child : type.ChildTypes()) {
    CASTOR_RETURN_NOT_OK(CheckMapKeys(child, format));
  }
  return Status::OK();
}

Status CheckHasText(const LogicalType& row, const std::string& what) {
  for (const LogicalType::Field& field : row.fields()) {
    if (!AllHaveText(field.type)) {
      return Status::Unsupported(what + ": column '" + field.name + "' of type " +
                                 field.type.ToString() + " has no text form");
    }
  }
  return Status::OK();
}

Status CheckDecodeSpec(const DecodeSpec& spec, std::string_view format, TypeSupport support) {
  if (spec.projection.size() != spec.produced_row.fields().size()) {
    return Status::Internal("projection and produced row differ in length");
  }
  for (const std::vector<int32_t>& path : spec.projection) {
    if (path.size() != 1) {
      return Status::Unsupported("format '" + std::string(format) +
                                 "' does not support nested projection");
    }
  }
  return CheckRowType(spec.produced_row, format, support);
}

}  // namespace castor::format
