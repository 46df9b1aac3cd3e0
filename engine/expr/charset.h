// Character sets of the Java platform: text to bytes and back, as String.getBytes and new String
// do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace castor::expr {

enum class Charset : uint8_t { kAscii, kLatin1, kUtf8, kUtf16, kUtf16Be, kUtf16Le };

// By Java's names and their aliases, in any case; nothing for other charsets.
std::optional<Charset> FindCharset(std::string_view name);

// What the charset does not have becomes '?'.
std::string EncodeText(std::string_view text, Charset charset);
// Malformed bytes become U+FFFD.
std::string DecodeText(std::string_view bytes, Charset charset);

}  // namespace castor::expr
