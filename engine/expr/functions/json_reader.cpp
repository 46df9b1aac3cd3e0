#include "expr/functions/json_reader.h"

#include <algorithm>
#include <utility>

#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

bool IsJavaBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// "lax $.a" or "strict $.a", in any case; otherwise the text is a strict path.
JsonPath ReadPath(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty() && IsJavaBlank(rest[0])) rest.remove_prefix(1);
  for (const std::string_view mode : {std::string_view("strict"), std::string_view("lax")}) {
    if (rest.size() <= mode.size() || !IsJavaBlank(rest[mode.size()])) continue;
    const bool same = std::equal(mode.begin(), mode.end(), rest.begin(),
                                 [](char a, char b) { return a == (b | 32); });
    if (!same) continue;
    std::string_view spec = rest.substr(mode.size());
    while (!spec.empty() && IsJavaBlank(spec[0])) spec.remove_prefix(1);
    // At least one character is the path's, be it a blank.
    if (spec.empty() && rest.size() < mode.size() + 2) continue;
    return {mode == "lax", json::Path::Compile(spec)};
  }
  return {false, json::Path::Compile(text)};
}

}  // namespace

JsonReader::JsonReader(std::optional<JsonPath> literal) : literal_(literal.has_value()) {
  if (literal) path_ = std::move(*literal);
}

JsonReader::Outcome JsonReader::Read(const StringRef& text, const StringRef& path) {
  if (!literal_ && (path_text_ != path.view() || path_text_.empty())) {
    path_text_ = path.view();
    path_ = ReadPath(path_text_);
  }
  const std::string_view view = WellFormed(text.view());
  const std::string_view only = path_.path.ok() ? path_.path->only_member() : std::string_view();
  const bool parsed = only.empty() ? document_.Parse(view) : document_.ParseMember(view, only);
  if (!parsed) return path_.lax ? Outcome::kEmpty : Outcome::kError;
  // Jayway takes no null for a document, whatever the mode.
  if (document_.kind(document_.root()) == json::Kind::kNull) return Outcome::kError;
  if (!path_.path.ok()) {
    const bool invalid = path_.path.status().code() == StatusCode::kInvalidArgument;
    return invalid ? Outcome::kError : Outcome::kRefused;
  }
  switch (path_.path->Read(&document_, path_.lax, &value_)) {
    case json::Path::Outcome::kFound:
      return Outcome::kValue;
    case json::Path::Outcome::kNull:
      return path_.lax ? Outcome::kEmpty : Outcome::kError;
    case json::Path::Outcome::kMissing:
      return Outcome::kError;
  }
  __builtin_unreachable();
}

std::string_view JsonReader::WellFormed(std::string_view text) {
  if (IsValidUtf8(text)) return text;
  replaced_ = ReplaceInvalidUtf8(text);
  return replaced_;
}

Result<std::shared_ptr<JsonReader>> MakeJsonReader(Call& call) {
  const auto text = ConstantText(call, 1);
  if (!text) return std::make_shared<JsonReader>(std::nullopt);
  JsonPath path = ReadPath(*text);
  if (path.path.status().code() == StatusCode::kUnsupported) return path.path.status();
  return std::make_shared<JsonReader>(std::move(path));
}

const std::string& SymbolText(const Call& call, size_t i) {
  return call.expression.operands[i]->literal.text;
}
const std::string& SymbolClass(const Call& call, size_t i) {
  return call.expression.operands[i]->literal.symbol_class;
}

}  // namespace castor::expr
