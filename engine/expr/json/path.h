// JSON paths as Jayway's JsonPath reads and evaluates them: members, indexes, slices, unions,
// wildcards, deep scans and filters (filter.h). Functions (.length()), filters right behind ".."
// and members below "..*", where Jayway's answer depends on the documents before, are refused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/json/document.h"

namespace castor::expr::json {

class Filter;

class Path {
 public:
  // kInvalidArgument: Jayway does not take it; kUnsupported: this engine does not.
  static Result<Path> Compile(std::string_view text);

  // The value at the path: of a definite one the value, of others an array of all. kMissing is what
  // Jayway throws about; with `suppress` it gives Java's null, or an empty array.
  enum class Outcome : uint8_t { kFound, kNull, kMissing };
  Outcome Read(Document* document, bool suppress, NodeId* value) const;

  // The only member of the document's root that counts; empty: all may.
  std::string_view only_member() const;

  // Leads to one value at most.
  bool definite() const;
  // Of a definite path: the value there, looked for from `start`; false if it is missing.
  bool Find(Document* document, NodeId start, NodeId* value) const;

 private:
  friend class PathParser;
  friend class PathReader;
  enum class Step : uint8_t { kMembers, kIndexes, kSlice, kWildcard, kScan, kFilter };
  struct Token {
    Step step;
    std::vector<std::string> names;
    std::vector<int32_t> indexes;
    std::optional<int32_t> from;
    std::optional<int32_t> to;
    std::shared_ptr<const Filter> filter;

    bool definite() const;
  };

  std::vector<Token> tokens_;
};

}  // namespace castor::expr::json
