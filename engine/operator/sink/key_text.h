// A primary key in an error message: "id=1, name=x".
#pragma once

#include <string>
#include <string_view>

#include "column/binary_row.h"

namespace castor {

std::string KeyText(const LogicalType& key_type, const BinaryRowCodec& codec, std::string_view key);

}  // namespace castor
