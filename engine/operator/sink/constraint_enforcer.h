// NOT NULL and length constraints of a sink's columns (Flink's ConstraintEnforcer and its options
// table.exec.sink.{not-null,type-length,nested-constraint}-enforcer).
//
// Immutable after Make; thread-safe. Works on columns: a batch without violations is returned
// untouched.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"
#include "column/batch.h"

namespace castor {

enum class NotNullEnforcement : uint8_t { kError, kDrop };
enum class LengthEnforcement : uint8_t { kIgnore, kTrimPad, kError };

class ConstraintEnforcer {
 public:
  // `row` is what the sink's table demands. Refuses unknown option values.
  static Result<ConstraintEnforcer> Make(const LogicalType& row, const Configuration& options);

  // The rows that may be written, with marks. Fails on the first violation where the option says
  // so.
  Result<Batch> Enforce(Batch batch) const;

  bool empty() const { return fields_.empty(); }
  // Whether values of `field` may be changed on the way.
  bool Changes(int32_t field) const;

 private:
  // One constrained field; fields of nested rows, and the elements of lists (keys, values ...), are
  // constrained below it.
  struct Field {
    size_t index = 0;
    std::string name;  // with the names of the rows around it: "address.city"
    LogicalType type;
    bool not_null = false;
    bool length = false;
    std::vector<Field> nested;
  };

  // How deep constraints are looked for.
  enum class Depth : uint8_t { kColumns, kRows, kCollections };

  static std::vector<Field> FieldsOf(const LogicalType& type, const std::string& prefix,
                                     bool lengths, Depth depth);
  Status FindNulls(const std::vector<Field>& fields, const std::vector<ColumnPtr>& columns,
                   const std::vector<uint8_t>* present, std::vector<uint8_t>* bad) const;
  Status FindNullsWithin(const Field& field, const ColumnPtr& column,
                         const std::vector<uint8_t>* present, std::vector<uint8_t>* bad) const;
  Result<ColumnPtr> EnforceLength(const Field& field, const ColumnPtr& column) const;
  Result<ColumnPtr> EnforceLengths(const Field& field, const ColumnPtr& column) const;

  std::vector<Field> fields_;
  NotNullEnforcement not_null_ = NotNullEnforcement::kError;
  LengthEnforcement length_ = LengthEnforcement::kIgnore;
};

}  // namespace castor
