// Writes rows as CSV, as RowDataToCsvConverters and Jackson's CsvEncoder do.
#pragma once

#include <memory>

#include "format/csv/csv_options.h"

namespace castor::format::csv {

// Errors name the field whose type cannot be written.
Result<std::unique_ptr<RecordEncoder>> MakeCsvEncoder(const LogicalType& row,
                                                      const CsvOptions& options);

}  // namespace castor::format::csv
