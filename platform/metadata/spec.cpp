#include "platform/metadata/spec.h"

#include <nlohmann/json.hpp>

namespace castor::platform {

using Json = nlohmann::json;

NLOHMANN_JSON_SERIALIZE_ENUM(DesiredState, {{DesiredState::kCancelled, "CANCELLED"},
                                            {DesiredState::kRunning, "RUNNING"},
                                            {DesiredState::kSuspended, "SUSPENDED"}})
NLOHMANN_JSON_SERIALIZE_ENUM(UpgradeStrategy, {{UpgradeStrategy::kStateful, "STATEFUL"},
                                               {UpgradeStrategy::kStateless, "STATELESS"},
                                               {UpgradeStrategy::kNone, "NONE"}})
NLOHMANN_JSON_SERIALIZE_ENUM(RestoreStrategy,
                             {{RestoreStrategy::kLatestState, "LATEST_STATE"},
                              {RestoreStrategy::kLatestSavepoint, "LATEST_SAVEPOINT"},
                              {RestoreStrategy::kNone, "NONE"}})

Spec ReadSpec(const std::string& text) {
  const Json json = Json::parse(text);
  const Json& restore = json.at("restoreStrategy");
  Spec spec;
  spec.state = json.at("state").get<DesiredState>();
  spec.upgrade = json.at("upgradeStrategy").at("kind").get<UpgradeStrategy>();
  spec.rolls_back = json.at("upgradeStrategy").value("rollbackOnFailure", false);
  spec.restore = restore.at("kind").get<RestoreStrategy>();
  spec.allow_non_restored_state = restore.value("allowNonRestoredState", false);
  spec.max_starts = json.at("maxJobCreationAttempts").get<int64_t>();
  spec.max_savepoints = json.at("maxSavepointCreationAttempts").get<int64_t>();
  if (const auto schedule = json.find("savepointSchedule"); schedule != json.end()) {
    spec.savepoint_interval_ms = schedule->at("intervalSeconds").get<int64_t>() * 1000;
    spec.savepoints_kept = schedule->at("keep").get<int64_t>();
  }
  return spec;
}

Template ReadTemplate(const std::string& text) {
  const Json json = Json::parse(text);
  const Json& spec = json.at("spec");
  Template read;
  read.sql = spec.at("artifact").at("sqlScript").get<std::string>();
  read.parallelism = spec.at("parallelism").get<int64_t>();
  read.configuration = spec.at("flinkConfiguration").get<std::map<std::string, std::string>>();
  read.variables = spec.value("variables", read.variables);
  return read;
}

}  // namespace castor::platform
