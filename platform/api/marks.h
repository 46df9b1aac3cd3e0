// Where on the axis of a deployment's charts jobs began, went on and ended (Mark in
// spec/openapi.yaml). Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/metadata/store.h"

namespace castor::platform {

struct Mark {
  int64_t time = 0;
  const char* kind = "START";
  std::string job;
  int64_t version = 0;
  std::string message;
};

nlohmann::ordered_json ToJson(const Mark& mark);

// Of the newest jobs, in the order of time.
Result<std::vector<Mark>> FindMarks(Session* session, const std::string& deployment);
// Where the count of restarts within a process rises; `counts` are those at `from`, `from` +
// `step`,
// ...
void AddRestarts(const std::vector<std::optional<double>>& counts, int64_t from, int64_t step,
                 std::vector<Mark>* marks);

}  // namespace castor::platform
