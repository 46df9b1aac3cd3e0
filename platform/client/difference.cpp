#include "platform/client/difference.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace castor::platform {
namespace {

using Json = nlohmann::json;
using Lines = std::vector<std::string>;

Lines LinesOf(const Json& value) {
  if (value.is_null()) return {};
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  Lines lines;
  for (size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
    lines.push_back(text.substr(0, end));
  }
  if (!text.empty() || lines.empty()) lines.push_back(text);
  return lines;
}

// Without the lines that both begin and end with.
void DropCommon(Lines* before, Lines* after) {
  const auto [old_first, new_first] =
      std::mismatch(before->begin(), before->end(), after->begin(), after->end());
  before->erase(before->begin(), old_first);
  after->erase(after->begin(), new_first);
  while (!before->empty() && !after->empty() && before->back() == after->back()) {
    before->pop_back();
    after->pop_back();
  }
}

void Compare(const Json& before, const Json& after, const std::string& place, std::string* text) {
  if (before == after) return;
  if (before.is_object() || after.is_object()) {
    std::set<std::string> names;
    for (const Json* side : {&before, &after}) {
      if (!side->is_object()) continue;
      for (const auto& [name, value] : side->items()) names.insert(name);
    }
    const auto member = [](const Json& side, const std::string& name) {
      return side.is_object() ? side.value(name, Json()) : Json();
    };
    for (const std::string& name : names) {
      Compare(member(before, name), member(after, name), place.empty() ? name : place + "." + name,
              text);
    }
    return;
  }
  Lines old_lines = LinesOf(before), new_lines = LinesOf(after);
  DropCommon(&old_lines, &new_lines);
  *text += place + ":\n";
  for (const std::string& line : old_lines) *text += "- " + line + "\n";
  for (const std::string& line : new_lines) *text += "+ " + line + "\n";
}

}  // namespace

std::string Difference(const Json& before, const Json& after) {
  std::string text;
  Compare(before, after, "", &text);
  return text;
}

}  // namespace castor::platform
