// Writes one Parquet file, after Flink's ParquetRowDataBuilder.
//
// A row group is held in memory, encoded and compressed, until it reaches `parquet.block.size`.
// Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "format/api/format.h"
#include "format/parquet/parquet_options.h"

namespace castor::format::parquet {

// `file` is not owned and outlives the writer. Errors name the column; the caller adds the file.
Result<std::unique_ptr<BulkWriter>> MakeParquetWriter(const ParquetOptions& options,
                                                      const std::string& time_zone,
                                                      const LogicalType& row,
                                                      io::WritableFile* file);

}  // namespace castor::format::parquet
