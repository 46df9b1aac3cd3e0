// The regular expression of `source.path.regex-pattern`, matched against whole paths.
//
// PCRE2, whose syntax covers Java's in all but rare constructs. Immutable after Compile;
// thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::connector::filesystem {

class PathPattern {
 public:
  // An empty pattern matches everything. Errors show what is wrong and where.
  static Result<PathPattern> Compile(const std::string& pattern);

  bool Matches(std::string_view path) const;

 private:
  std::shared_ptr<void> code_;  // pcre2_code
};

}  // namespace castor::connector::filesystem
