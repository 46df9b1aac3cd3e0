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

NLOHMANN_JSON_SERIALIZE_ENUM(ArtifactKind, {{ArtifactKind::kSql, "SQLSCRIPT"},
                                            {ArtifactKind::kJar, "JAR"},
                                            {ArtifactKind::kPython, "PYTHON"}})
NLOHMANN_JSON_SERIALIZE_ENUM(EngineChoice, {{EngineChoice::kNative, "native"},
                                            {EngineChoice::kFlink, "flink"},
                                            {EngineChoice::kAuto, "auto"}})

namespace {

std::string MemoryOf(const Json& spec, const char* who) {
  return spec.value("resources", Json::object()).value(who, Json::object()).value("memory", "");
}

}  // namespace

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
  const Json& artifact = spec.at("artifact");
  read.kind = artifact.at("kind").get<ArtifactKind>();
  // What is no SQL is Flink's alone.
  const char* usual = read.kind == ArtifactKind::kSql ? "native" : "flink";
  read.engine = Json(spec.value("engine", usual)).get<EngineChoice>();
  read.sql = artifact.value("sqlScript", "");
  read.jar_uri = artifact.value("jarUri", "");
  read.entry_class = artifact.value("entryClass", "");
  read.arguments = artifact.value("mainArgs", "");
  read.dependencies = artifact.value("additionalDependencies", read.dependencies);
  read.job_manager_memory = MemoryOf(spec, "jobmanager");
  read.task_manager_memory = MemoryOf(spec, "taskmanager");
  read.parallelism = spec.at("parallelism").get<int64_t>();
  read.configuration = spec.at("flinkConfiguration").get<std::map<std::string, std::string>>();
  read.variables = spec.value("variables", read.variables);
  return read;
}

}  // namespace castor::platform
