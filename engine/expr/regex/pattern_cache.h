// The patterns that a function met among its operands, each compiled once, with a matcher of its
// own. A cache belongs to one node, which is used by one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "expr/regex/java_regex.h"
#include "expr/utf8.h"

namespace castor::expr::regex {

class PatternCache {
 public:
  struct Entry {
    std::unique_ptr<RegexMatcher> matcher;  // nullptr: not compiled
    Status status;
  };

  // `compile(pattern)` gives a Result<std::shared_ptr<const JavaRegex>>. The entry lives until the
  // next call.
  template <typename Compile>
  const Entry& Find(std::string_view pattern, Compile&& compile) {
    if (const auto found = entries_.find(std::string(pattern)); found != entries_.end()) {
      return found->second;
    }
    if (entries_.size() >= kMaxEntries) entries_.clear();
    auto compiled = compile(ReplaceInvalidUtf8(pattern));
    Entry entry{nullptr, compiled.status()};
    if (compiled.ok()) entry.matcher = std::make_unique<RegexMatcher>(*compiled);
    return entries_.emplace(pattern, std::move(entry)).first->second;
  }

 private:
  static constexpr size_t kMaxEntries = 256;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace castor::expr::regex
