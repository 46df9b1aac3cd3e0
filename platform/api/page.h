// Lists in pages. Stateless.
//
// A page ends at a number (the records' sequence) from which the next goes on, so that records
// which come or go meanwhile neither repeat nor hide others.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "platform/api/contract.h"
#include "platform/metadata/database.h"

namespace castor::platform {

struct PageRequest {
  int64_t size = 100;
  int64_t after = 0;  // the last number of the page before
  bool newest_first = false;
};

PageRequest ReadPage(const Call& call);

// The clause that selects the records behind `after` whose columns equal the parameters given, each
// with its name in the call; and its values.
struct PageQuery {
  std::string clause;
  std::vector<Value> values;
};
PageQuery QueryOf(const Call& call, const std::vector<std::pair<const char*, const char*>>& equal,
                  const PageRequest& page);

nlohmann::ordered_json PageJson(const char* kind, nlohmann::ordered_json items, int64_t next);
// The same of items that are JSON already, with commas between them.
std::string PageText(const char* kind, const std::string& items, int64_t next);

}  // namespace castor::platform
