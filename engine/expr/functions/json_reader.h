// What the SQL/JSON queries have in common: a text read as JSON, a path evaluated in it, and what
// the two come to (SqlJsonUtils.jsonApiCommonSyntax). A path is "lax" or "strict" and a path of
// Jayway's; a literal one is compiled with the expression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "column/string_ref.h"
#include "expr/builder.h"
#include "expr/json/document.h"
#include "expr/json/path.h"

namespace castor::expr {

struct JsonPath {
  bool lax = false;
  Result<json::Path> path = Status::InvalidArgument("");
};

// The documents and the latest path of a node; used by one thread.
class JsonReader {
 public:
  explicit JsonReader(std::optional<JsonPath> literal);

  // kEmpty: lax, and there is nothing; kError: what ON ERROR is about; kRefused: `refusal`.
  enum class Outcome : uint8_t { kValue, kEmpty, kError, kRefused };
  Outcome Read(const StringRef& text, const StringRef& path);

  // Only whether the text is JSON.
  bool Parse(const StringRef& text) { return document_.Parse(WellFormed(text.view())); }

  bool lax() const { return path_.lax; }
  json::Document& document() { return document_; }
  json::NodeId value() const { return value_; }
  std::string refusal() const { return path_.path.status().message(); }

 private:
  std::string_view WellFormed(std::string_view text);

  const bool literal_;
  std::string path_text_;
  JsonPath path_;
  json::Document document_;
  json::NodeId value_ = 0;
  std::string replaced_;
};

// For a call whose operand 1 is the path: a literal that cannot be run is refused here.
Result<std::shared_ptr<JsonReader>> MakeJsonReader(Call& call);

// A symbol among the operands (NULL ON EMPTY and the like), and what it is a symbol of.
const std::string& SymbolText(const Call& call, size_t i);
const std::string& SymbolClass(const Call& call, size_t i);

inline constexpr std::string_view kJsonErrorText =
    "the JSON text or the path does not give a value";

}  // namespace castor::expr
