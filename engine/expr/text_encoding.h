// Bytes as text: Base64 (RFC 4648) and hexadecimal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace castor::expr {

// As java.util.Base64's basic decoder: padding may be missing, but not wrong. Nothing if malformed.
std::optional<std::string> DecodeBase64(std::string_view text);
size_t Base64Size(size_t bytes);
// Writes Base64Size(bytes.size()) characters.
void EncodeBase64(std::string_view bytes, char* target);

enum class HexDigits : uint8_t { kLower, kUpper };

// Writes two characters for each byte.
void EncodeHex(std::string_view bytes, HexDigits digits, char* target);

// The bytes of hexadecimal text, written to (text.size() + 1) / 2 bytes; of an odd number of digits
// the first is checked and ignored. False if there is another character (EncodingUtils.unhex).
bool DecodeHex(std::string_view text, char* target);

// The value of a hexadecimal digit, or -1.
int HexDigitValue(char c);

}  // namespace castor::expr
