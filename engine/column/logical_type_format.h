// The names of types as Flink writes them into plans. Pure function.
#pragma once

#include <string>

#include "column/logical_type.h"

namespace castor {

// LogicalType.asSerializableString(): every length is named, time attributes are not. RAW has no
// such form here and comes as LogicalType::ToString has it.
std::string SerialForm(const LogicalType& type);

}  // namespace castor
