// Strings in JSON: their escapes read and written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace castor::format {

// Appends the text between the quotes of a JSON string; false for a wrong escape. Half a surrogate
// pair becomes '?', as Java's UTF-8 encoder writes it.
bool UnescapeJson(std::string_view body, std::string* out);

enum class HexCase : uint8_t { kLower, kUpper };
// Appends `text` in quotes, escaping only '"', '\\' and control characters. Jackson writes the
// digits of other control characters' escapes in upper case, row text in lower case.
void AppendJsonString(std::string_view text, HexCase hex_case, std::string* out);

}  // namespace castor::format
