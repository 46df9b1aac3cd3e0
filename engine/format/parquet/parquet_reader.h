// Reads the row groups of one Parquet file, column chunk by column chunk: only what is asked for.
//
// Holds a page, a read buffer and a dictionary per column. The position is the number of rows
// behind it, counted from the first row group of its range. Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "format/api/format.h"
#include "format/parquet/parquet_options.h"

namespace castor::format::parquet {

// Errors name the column; the caller adds the file.
Result<std::unique_ptr<BulkReader>> OpenParquetFile(const ParquetOptions& options,
                                                    const std::string& time_zone,
                                                    const DecodeSpec& spec,
                                                    io::FileSystem& file_system,
                                                    const BulkFile& file);

}  // namespace castor::format::parquet
