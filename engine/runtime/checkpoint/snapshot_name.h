// How a snapshot is named beyond its path: the run that took it, and its number there.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace castor::runtime {

struct SnapshotName {
  std::string run;
  int64_t id = 0;
};

// A list of pairs. Reading throws on anything else.
nlohmann::ordered_json NamesToJson(const std::vector<SnapshotName>& names);
std::vector<SnapshotName> NamesFromJson(const nlohmann::ordered_json& json);

}  // namespace castor::runtime
