// Converts one CSV value into a column, as CsvToRowDataConverters does for the field's type.
//
// Built once per split, used by one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "format/api/column_builder.h"
#include "format/csv/csv_options.h"

namespace castor::format::csv {

class CsvField {
 public:
  // `options` must outlive the field.
  CsvField(std::string name, LogicalType type, const CsvOptions* options);

  // The builder of a nested field belongs to its parent's.
  void Bind(ColumnBuilder* builder);
  ColumnBuilder& builder() { return *builder_; }
  const LogicalType& type() const { return type_; }
  const std::string& name() const { return name_; }

  // False if the text is not of the type.
  bool Read(std::string_view text, int32_t row);

 private:
  bool ReadScalar(std::string_view text, int32_t row);
  bool ReadTemporal(std::string_view text, int32_t row);
  bool ReadNested(std::string_view text, int32_t row);
  bool ReadArray(std::string_view text, int32_t row);
  // Takes the text up to the delimiter of elements off `text`; false if it was the last.
  bool TakeElement(std::string_view* text, std::string_view* element) const;
  bool ReadOrNull(std::string_view text, int32_t row);

  std::string name_;
  LogicalType type_;
  const CsvOptions* options_;
  ColumnBuilder* builder_ = nullptr;
  std::vector<CsvField> children_;  // of a ROW, or of an ARRAY
};

}  // namespace castor::format::csv
