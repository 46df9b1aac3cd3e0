// Writes rows as lines of JSON, as RowDataToJsonConverters and Jackson's generator do.
#pragma once

#include <memory>

#include "format/json/json_options.h"

namespace castor::format::json {

// Errors name the field whose type cannot be written.
Result<std::unique_ptr<RecordEncoder>> MakeJsonEncoder(const LogicalType& row,
                                                       const JsonOptions& options);

}  // namespace castor::format::json
