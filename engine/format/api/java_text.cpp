#include "format/api/java_text.h"

#include <cstdlib>

namespace castor::format {
namespace {

char SimpleEscape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

std::string UnescapeJavaText(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    if (text[i + 1] == 'u' && i + 6 <= text.size()) {
      const std::string digits(text.substr(i + 2, 4));
      char* end = nullptr;
      const unsigned long code = std::strtoul(digits.c_str(), &end, 16);
      if (end == digits.c_str() + 4 && code < 0x80) {
        out += static_cast<char>(code);
        i += 5;
        continue;
      }
    }
    out += SimpleEscape(text[++i]);
  }
  return out;
}

}  // namespace castor::format
