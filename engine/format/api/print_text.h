// Rows as Flink's `print` connector shows them: Row.toString over the external Java values, as in
// "+I[1, abc, null, 2020-01-01T00:00]". For people: types and quotes are lost (row_text.h keeps
// them).
#pragma once

#include <string>

#include "column/batch.h"

namespace castor::format {

std::string_view RowKindText(RowKind kind);  // "+I" and so on

// Appends row `row` of the batch, without a line end.
void AppendPrintedRow(const Batch& batch, int32_t row, std::string* out);

}  // namespace castor::format
