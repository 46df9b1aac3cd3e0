// Reads one field of a row, a scalar or what rows and collections hold, out of the file's columns.
//
// Fields of rows are found by name; a nullable one that the file lacks is NULL. A collection is a
// repeated group within its own: a field below it has a value per element, and definition and
// repetition levels say which list an element belongs to. One thread.
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
  // Exactly `rows` rows of the file.
  Result<ColumnPtr> Read(int32_t rows);

 private:
  FieldReader(std::string name, LogicalType type)
      : name_(std::move(name)), type_(std::move(type)) {}

  static Result<std::unique_ptr<FieldReader>> MakeAt(const ::parquet::SchemaDescriptor& schema,
                                                     const ::parquet::schema::Node& node,
                                                     const LogicalType::Field& field,
                                                     const std::string& name,
                                                     const LocalTime& zone);
  Status MakeFields(const ::parquet::SchemaDescriptor& schema, const ::parquet::schema::Node& node,
                    const LocalTime& zone);
  Status MakeElements(const ::parquet::SchemaDescriptor& schema,
                      const ::parquet::schema::Node& node, const LocalTime& zone);
  Status Mismatch(const char* found) const;

  Result<ColumnPtr> ReadRow(int32_t rows);
  Result<ColumnPtr> ReadLists(int32_t rows);
  // A leaf below, whose levels say what is there.
  const LeafReader* any_leaf() const;
  // Whether the level at `i` of a leaf below begins a value of this field.
  bool BeginsValue(const LeafReader& leaf, int64_t i) const;

  const std::string name_;
  const LogicalType type_;
  std::unique_ptr<LeafReader> leaf_;                    // a scalar that the file has
  std::vector<std::unique_ptr<FieldReader>> children_;  // of a ROW or a list that the file has
  int16_t present_level_ = 0;  // the definition level from which on the ROW or list is not NULL
  int16_t around_level_ = 0;   // and that from which on there is an element around it
  int16_t repetition_ = 0;     // how many lists it is in
};

}  // namespace castor::format::parquet
