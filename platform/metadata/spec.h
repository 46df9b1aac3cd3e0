// A deployment's spec as the controller needs it, out of its JSON (spec/openapi.yaml), which has
// been validated.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace castor::platform {

enum class DesiredState { kRunning, kSuspended, kCancelled };
enum class UpgradeStrategy { kStateful, kStateless, kNone };
enum class RestoreStrategy { kLatestSavepoint, kLatestState, kNone };

struct Spec {
  DesiredState state = DesiredState::kCancelled;
  UpgradeStrategy upgrade = UpgradeStrategy::kStateful;
  RestoreStrategy restore = RestoreStrategy::kLatestState;
  bool rolls_back = false;
  bool allow_non_restored_state = false;
  int64_t max_starts = 4;
  int64_t max_savepoints = 4;
  int64_t savepoint_interval_ms = 0;  // 0: none by themselves
  int64_t savepoints_kept = 5;        // of those
};

enum class ArtifactKind { kSql, kJar, kPython };
enum class EngineChoice { kNative, kFlink, kAuto };

// What a version is made of: spec.template.
struct Template {
  ArtifactKind kind = ArtifactKind::kSql;
  EngineChoice engine = EngineChoice::kNative;
  std::string sql;
  std::string jar_uri;
  std::string entry_class;
  std::string arguments;                  // in one line
  std::vector<std::string> dependencies;  // addresses of jars
  std::string job_manager_memory;         // as in "1g"; empty: the usual
  std::string task_manager_memory;
  int64_t parallelism = 1;
  std::map<std::string, std::string> configuration;
  std::map<std::string, std::string> variables;
};

Spec ReadSpec(const std::string& json);
Template ReadTemplate(const std::string& json);

}  // namespace castor::platform
