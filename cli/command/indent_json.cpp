#include "cli/command/indent_json.h"

namespace castor::cli {
namespace {

// Bytes of the string literal at the start of `json`.
size_t StringLength(std::string_view json) {
  size_t i = 1;
  while (json[i] != '"') i += json[i] == '\\' ? 2 : 1;
  return i + 1;
}

}  // namespace

std::string IndentJson(std::string_view json) {
  std::string out;
  size_t depth = 0;
  const auto new_line = [&out, &depth] { out += "\n" + std::string(2 * depth, ' '); };
  for (size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (c == '"') {
      const size_t length = StringLength(json.substr(i));
      out += json.substr(i, length);
      i += length;
      continue;
    }
    ++i;
    const bool opens = c == '{' || c == '[';
    if (opens && (json[i] == '}' || json[i] == ']')) {
      out += c;
      out += json[i++];
    } else if (opens) {
      out += c;
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out += c;
    } else {
      out += c;
      if (c == ',') new_line();
      if (c == ':') out += ' ';
    }
  }
  return out + "\n";
}

}  // namespace castor::cli
