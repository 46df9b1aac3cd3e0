// Refuses, by name, the types and projections that a format cannot read or write.
#pragma once

#include <string_view>

#include "format/api/format.h"

namespace castor::format {

struct TypeSupport {
  bool rows = false;  // nested ROW
};

// kUnsupported names the column and its type. Nested projection is refused as well: no connector
// that uses these formats declares it.
Status CheckDecodeSpec(const DecodeSpec& spec, std::string_view format, TypeSupport support);
Status CheckRowType(const LogicalType& row, std::string_view format, TypeSupport support);

}  // namespace castor::format
