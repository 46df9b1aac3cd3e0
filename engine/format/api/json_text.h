// Strings in JSON: their escapes read; base/json_string.h writes them.
#pragma once

#include <string>
#include <string_view>

namespace castor::format {

// Appends the text between the quotes of a JSON string; false for a wrong escape. Half a surrogate
// pair becomes '?', as Java's UTF-8 encoder writes it.
bool UnescapeJson(std::string_view body, std::string* out);

// Reads the escape that begins with the backslash at `*p`, in a string that ends at `end`, and
// writes what it stands for, which takes less room than it. Moves both; false for a wrong escape.
bool TakeJsonEscape(const char** p, const char* end, char** target);

}  // namespace castor::format
