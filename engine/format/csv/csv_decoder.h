// Decodes CSV records into columns; see ../api/format.h for the contract of a BlockDecoder.
#pragma once

#include <memory>

#include "format/csv/csv_options.h"

namespace castor::format::csv {

// Errors name the field whose type or projection cannot be read.
Result<std::unique_ptr<BlockDecoder>> MakeCsvDecoder(const DecodeSpec& spec,
                                                     const CsvOptions& options);

// The types that Flink's CSV schema takes: scalars, TIME up to milliseconds, a ROW of scalars.
Status CheckCsvType(const LogicalType& row);

}  // namespace castor::format::csv
