// Text as a string in JSON. Pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace castor {

enum class HexCase : uint8_t { kLower, kUpper };

// Appends `text` in quotes, escaping only '"', '\\' and control characters. Jackson writes the
// digits of other control characters' escapes in upper case, row text in lower case.
void AppendJsonString(std::string_view text, HexCase hex_case, std::string* out);

}  // namespace castor
