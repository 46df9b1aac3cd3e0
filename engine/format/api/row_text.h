// Row text: the type-true textual form of rows of spec/row-text.md, read and printed.
//
// The reader belongs to one thread; printing has no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "format/api/column_builder.h"

namespace castor::format {

// Appends "+I[...]" without a line end.
void AppendRowText(const Batch& batch, int32_t row, std::string* out);
// Appends one value.
void AppendValueText(const Column& column, int32_t row, std::string* out);

// Reads a text with rows one after the other.
class RowTextReader {
 public:
  // `text` must outlive the reader. `columns` names the fields and gives their types.
  RowTextReader(std::string_view text, const std::vector<LogicalType::Field>& columns);

  // Passes white space and comments ('#' to the end of the line); true if text is left.
  bool SkipToNext();
  // If the next character begins a mark ('@'), its line without '@' and line end.
  bool TakeMark(std::string_view* mark);
  // Reads one row into row `row` of `builders`. Errors name line, column and what was expected.
  Status ReadRow(std::vector<ColumnBuilder>* builders, int32_t row, RowKind* kind);
  // 1-based, of the next character.
  int32_t line() const { return line_; }

 private:
  void SkipSpace();
  bool Take(char c);
  bool TakeWord(std::string_view word);
  Status Expected(const std::string& column, std::string_view what) const;
  RowKind ReadKind();
  Status ReadValue(const std::string& column, ColumnBuilder* builder, int32_t row);
  Status ReadRowValue(const std::string& column, ColumnBuilder* builder, int32_t row);
  Status ReadArray(const std::string& column, ColumnBuilder* builder, int32_t row);
  Status ReadMap(const std::string& column, ColumnBuilder* builder, int32_t row);
  Status ReadText(const std::string& column, ColumnBuilder* builder, int32_t row);
  Status ReadBinary(const std::string& column, ColumnBuilder* builder, int32_t row);
  bool ReadQuoted(std::string* text);
  // The characters up to a delimiter of values, or to the ": " behind the key of a map; may hold a
  // single space (timestamps).
  std::string_view Word();

  const char* p_;
  const char* const end_;
  const std::vector<LogicalType::Field>& columns_;
  int32_t line_ = 1;
};

// Sets row `row` from the text of a scalar other than strings and binary; false if it is not of the
// type.
bool SetScalarFromText(std::string_view text, ColumnBuilder* builder, int32_t row);

}  // namespace castor::format
