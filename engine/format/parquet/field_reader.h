// Reads one field of a row, a scalar or a ROW of fields, out of the file's columns.
//
// Fields are found by name; a nullable one that the file lacks is NULL. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "column/column.h"
#include "format/parquet/leaf_reader.h"

namespace parquet {
class SchemaDescriptor;
namespace schema {
class Node;
class GroupNode;
}  // namespace schema
}  // namespace parquet

namespace castor::format::parquet {

class FieldReader {
 public:
  // `name` with the names of the rows around it; errors begin with it.
  static Result<std::unique_ptr<FieldReader>> Make(const ::parquet::SchemaDescriptor& schema,
                                                   const ::parquet::schema::GroupNode& group,
                                                   const LogicalType::Field& field,
                                                   const std::string& name, const LocalTime& zone);

  Status Open(::parquet::RowGroupReader* row_group, int64_t skip);
  Result<ColumnPtr> Read(int32_t rows);

 private:
  FieldReader(std::string name, LogicalType type)
      : name_(std::move(name)), type_(std::move(type)) {}

  Status MakeChildren(const ::parquet::SchemaDescriptor& schema,
                      const ::parquet::schema::Node& node, const LocalTime& zone);
  Result<ColumnPtr> ReadRow(int32_t rows);
  // Of any leaf below.
  const int16_t* levels() const;

  const std::string name_;
  const LogicalType type_;
  std::unique_ptr<LeafReader> leaf_;                    // a scalar that the file has
  std::vector<std::unique_ptr<FieldReader>> children_;  // of a ROW that the file has
  int16_t present_level_ = 0;  // the definition level from which on the ROW is not NULL
};

}  // namespace castor::format::parquet
