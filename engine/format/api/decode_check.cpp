#include "format/api/decode_check.h"

#include <string>

namespace castor::format {
namespace {

Status CheckType(const LogicalType& type, const std::string& name, std::string_view format,
                 TypeSupport support) {
  const PhysicalType physical = type.physical();
  if (physical == PhysicalType::kNested || type.kind() == TypeKind::kNull ||
      type.kind() == TypeKind::kSymbol || (physical == PhysicalType::kRow && !support.rows)) {
    return Status::Unsupported("column '" + name + "': format '" + std::string(format) +
                               "' does not support type " + type.ToString());
  }
  if (physical != PhysicalType::kRow) return Status::OK();
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
