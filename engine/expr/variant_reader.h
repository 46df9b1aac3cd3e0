// JSON text as VARIANT: BinaryVariantInternalBuilder.parseJson. Whole numbers are integers if a
// BIGINT holds them; other numbers are decimals if they have no exponent and at most 38 digits, and
// doubles else.
//
// Reads one text after the other and keeps its memory. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "expr/json/document.h"
#include "variant/builder.h"

namespace castor::expr {

class VariantReader {
 public:
  using Duplicates = variant::Builder::Duplicates;

  // Appends the bytes as a column holds them; false where Flink fails: the text is no JSON, a name
  // stands twice in an object and may not, or the value is too large.
  [[nodiscard]] bool Read(std::string_view text, Duplicates duplicates, std::string* bytes);

 private:
  bool Append(json::NodeId node, Duplicates duplicates);
  bool AppendObject(json::NodeId node, Duplicates duplicates);
  bool AppendArray(json::NodeId node, Duplicates duplicates);
  void AppendNumber(std::string_view text);

  json::Document document_;
  variant::Builder builder_;
};

}  // namespace castor::expr
