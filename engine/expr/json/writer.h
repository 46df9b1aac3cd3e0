// JSON text as Jackson writes it for Flink's SQL/JSON functions; strings: base/json_string.h.
#pragma once

#include <string>
#include <string_view>

#include "expr/json/document.h"

namespace castor::expr::json {

// The text of a decimal number as new BigDecimal(text).toString() has it.
std::string BigDecimalText(std::string_view number);

// A number of a document, as String.valueOf has the Java number it becomes.
std::string NumberText(const Document& document, NodeId node);

// The order of java.lang.String.
bool KeyLess(std::string_view a, std::string_view b);

// Any value; the members of objects in the order of their keys.
void AppendValue(const Document& document, NodeId node, std::string* out);

}  // namespace castor::expr::json
