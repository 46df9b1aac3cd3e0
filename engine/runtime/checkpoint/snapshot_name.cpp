#include "runtime/checkpoint/snapshot_name.h"

#include <nlohmann/json.hpp>

namespace castor::runtime {

nlohmann::ordered_json NamesToJson(const std::vector<SnapshotName>& names) {
  auto json = nlohmann::ordered_json::array();
  for (const SnapshotName& name : names) json.push_back({name.run, name.id});
  return json;
}

std::vector<SnapshotName> NamesFromJson(const nlohmann::ordered_json& json) {
  std::vector<SnapshotName> names;
  for (const auto& name : json) names.push_back({name.at(0), name.at(1)});
  return names;
}

}  // namespace castor::runtime
