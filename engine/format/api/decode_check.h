// Refuses, by name, the types and projections that a format cannot read or write.
#pragma once

#include <string>
#include <string_view>

#include "format/api/format.h"

namespace castor::format {

struct TypeSupport {
  bool rows = false;   // nested ROW
  bool lists = false;  // ARRAY, MAP, MULTISET
};

// kUnsupported names the column and its type. Nested projection is refused as well: no connector
// that uses these formats declares it.
Status CheckDecodeSpec(const DecodeSpec& spec, std::string_view format, TypeSupport support);
Status CheckRowType(const LogicalType& row, std::string_view format, TypeSupport support);
// Keys of maps and elements of multisets must be strings: they become names of a JSON object.
Status CheckMapKeys(const LogicalType& type, std::string_view format);
// Whether all values of the row can be shown as text: not those of RAW, VARIANT, BITMAP. `what` is
// what has that row.
Status CheckHasText(const LogicalType& row, const std::string& what);

}  // namespace castor::format
