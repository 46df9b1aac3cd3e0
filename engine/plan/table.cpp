#include "plan/table.h"

namespace castor::plan {

LogicalType Table::PhysicalRow() const {
  std::vector<LogicalType::Field> fields;
  for (const TableColumn& column : columns) {
    if (column.kind == TableColumn::Kind::kPhysical) fields.push_back({column.name, column.type});
  }
  return LogicalType::Row(std::move(fields), /*nullable=*/false);
}

}  // namespace castor::plan
