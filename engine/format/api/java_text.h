// Escapes of Java source text, which Flink takes in some options ("\t", "\u0001").
#pragma once

#include <string>
#include <string_view>

namespace castor::format {

// StringEscapeUtils.unescapeJava for ASCII characters.
std::string UnescapeJavaText(std::string_view text);

}  // namespace castor::format
