// Strings in JSON: their escapes read; base/json_string.h writes them.
#pragma once

#include <string>
#include <string_view>

namespace castor::format {

// Appends the text between the quotes of a JSON string; false for a wrong escape. Half a surrogate
// pair becomes '?', as Java's UTF-8 encoder writes it.
bool UnescapeJson(std::string_view body, std::string* out);

}  // namespace castor::format
