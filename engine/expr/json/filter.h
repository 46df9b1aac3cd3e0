// Filters of JSON paths, [?(...)], as Jayway's FilterCompiler reads and its EvaluatorFactory
// evaluates them: comparisons of definite paths, numbers, strings and null, with && || ! and
// parentheses.
//
// Refused: =~ and the operators in words, arrays and objects as literals, escapes in strings, paths
// with wildcards, slices, scans, filters or functions; and, as Flink fails on them for want of a
// class that Jayway needs, booleans and whether a path exists. A path to a boolean, an array or an
// object, on which Flink fails as well, differs here from everything.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "expr/json/document.h"

namespace castor::expr::json {

// Immutable, thread-safe.
class Filter {
 public:
  // `text` is what stands in [? ], with its parentheses. kInvalidArgument: Jayway does not take it;
  // kUnsupported: this engine does not.
  static Result<std::shared_ptr<const Filter>> Compile(std::string_view text);
  virtual ~Filter() = default;

  virtual bool Accepts(Document* document, NodeId item) const = 0;
};

}  // namespace castor::expr::json
