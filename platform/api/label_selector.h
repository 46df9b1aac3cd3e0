// Which labels a list is to be limited to: terms `key`, `!key`, `key=value` (or ==) and
// `key!=value`, with commas between them, all of which must hold.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::platform {

class LabelSelector {
 public:
  // The empty text selects all.
  static Result<LabelSelector> Parse(std::string_view text);
  bool SelectsAll() const { return terms_.empty(); }
  bool Selects(const std::map<std::string, std::string>& labels) const;

 private:
  struct Term {
    std::string key;
    std::string value;
    bool any_value = false;
    bool negated = false;
  };
  std::vector<Term> terms_;
};

}  // namespace castor::platform
