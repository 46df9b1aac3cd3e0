// A deployment's spec as the controller needs it, out of its JSON (spec/openapi.yaml), which has
// been validated.
#pragma once

#include <cstdint>
#include <map>
#include <string>

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

// What a version is made of: spec.template.
struct Template {
  std::string sql;
  int64_t parallelism = 1;
  std::map<std::string, std::string> configuration;
  std::map<std::string, std::string> variables;
};

Spec ReadSpec(const std::string& json);
Template ReadTemplate(const std::string& json);

}  // namespace castor::platform
