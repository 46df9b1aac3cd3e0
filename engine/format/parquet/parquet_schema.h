// Row types as Parquet schemas, after Flink's ParquetSchemaConverter. Free functions, thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "column/logical_type.h"
#include "format/parquet/parquet_options.h"

namespace parquet::schema {
class GroupNode;
}

namespace castor::format::parquet {

// The schema of a file that holds rows of `row`.
std::shared_ptr<::parquet::schema::GroupNode> MakeSchema(const LogicalType& row,
                                                         const ParquetOptions& options);

// What the repeated group of an ARRAY, MAP or MULTISET holds. Keys are never NULL.
std::vector<LogicalType::Field> ListParts(const LogicalType& type);

// Bytes of the fixed-length form of a DECIMAL.
int32_t DecimalBytes(int32_t precision);

// Refuses what cannot be written: an empty row, or types that columns do not hold.
Status CheckParquetType(const LogicalType& row);

}  // namespace castor::format::parquet
