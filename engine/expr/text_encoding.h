// Bytes as text: Base64 (RFC 4648) and hexadecimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace castor::expr {

// As java.util.Base64's basic decoder: padding may be missing, but not wrong. Nothing if malformed.
std::optional<std::string> DecodeBase64(std::string_view text);
size_t Base64Size(size_t bytes);
// Writes Base64Size(bytes.size()) characters.
void EncodeBase64(std::string_view bytes, char* target);

}  // namespace castor::expr
