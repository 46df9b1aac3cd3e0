#include "base/json_string.h"

namespace castor {

void AppendJsonString(std::string_view text, HexCase hex_case, std::string* out) {
  const char* const hex = hex_case == HexCase::kUpper ? "0123456789ABCDEF" : "0123456789abcdef";
  *out += '"';
  size_t from = 0;
  while (true) {
    const size_t special = FindStringSpecial(text, from);
    out->append(text, from, special - from);
    if (special == text.size()) break;
    from = special + 1;
    const auto c = static_cast<unsigned char>(text[special]);
    *out += '\\';
    switch (c) {
      case '"':
      case '\\':
        *out += static_cast<char>(c);
        break;
      case '\b':
        *out += 'b';
        break;
      case '\f':
        *out += 'f';
        break;
      case '\n':
        *out += 'n';
        break;
      case '\r':
        *out += 'r';
        break;
      case '\t':
        *out += 't';
        break;
      default:
        *out += "u00";
        *out += hex[c >> 4];
        *out += hex[c & 15];
    }
  }
  *out += '"';
}

}  // namespace castor
