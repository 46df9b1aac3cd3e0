// Flink's types as a plan writes them: a compact string wherever that loses nothing, else an object
// (LogicalTypeJsonSerializer, DataTypeJsonSerializer). Both may stand at every position.
#pragma once

#include "column/logical_type.h"
#include "plan/json_reader.h"

namespace castor::plan {

LogicalType ReadType(const JsonValue& value);
// The same, and it must be a ROW.
LogicalType ReadRowType(const JsonValue& value);

}  // namespace castor::plan
