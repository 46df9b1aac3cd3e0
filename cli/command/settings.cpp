#include "cli/command/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "cli/command/near_name.h"

namespace castor::cli {
namespace {

// Flink's options that the planner checks when it compiles a script.
constexpr std::string_view kGroups[] = {"pipeline.", "execution.", "restart-strategy.",
                                        "parallelism."};
// Those of them that are read when a job starts and have no default, so that no bundle has them
// unless they were set.
constexpr const char* kWithoutDefault[] = {
    "execution.buffer-timeout",
    "execution.checkpointing.dir",
    "execution.checkpointing.interval",
    "execution.checkpointing.savepoint-dir",
    "execution.savepoint-restore-mode",
    "execution.savepoint.ignore-unclaimed-state",
    "execution.savepoint.path",
    "execution.state-recovery.path",
    "restart-strategy.type",
};

// Except those that are read when the job starts.
bool ShapesThePlan(const std::string& key) {
  if (key == "execution.runtime-mode") return true;
  return key.starts_with("table.") && key != "table.local-time-zone";
}

std::vector<std::string> OptionsOf(const Settings& configuration) {
  std::vector<std::string> names(std::begin(kWithoutDefault), std::end(kWithoutDefault));
  for (const auto& [key, value] : configuration) names.push_back(key);
  return names;
}

Status CheckName(const std::string& key, const std::vector<std::string>& options) {
  const auto is_of = [&](std::string_view group) { return key.starts_with(group); };
  if (std::none_of(std::begin(kGroups), std::end(kGroups), is_of)) return Status::OK();
  if (std::find(options.begin(), options.end(), key) != options.end()) return Status::OK();
  constexpr size_t kNear = 4;
  const auto meant = NearestName(key, options, kNear);
  return Status::InvalidArgument(fmt::format("--set {0}: a compiled job has no option '{0}'{1}",
                                             key, meant ? "; did you mean '" + *meant + "'?" : ""));
}

}  // namespace

Status CheckBundleSettings(const Settings& configuration, const Settings& settings,
                           const std::string& file) {
  const std::vector<std::string> options = OptionsOf(configuration);
  for (const auto& [key, value] : settings) {
    CASTOR_RETURN_NOT_OK(CheckName(key, options));
    const auto planned = configuration.find(key);
    const bool is_same = planned != configuration.end() && planned->second == value;
    if (!ShapesThePlan(key) || is_same) continue;
    return Status::InvalidArgument(fmt::format(
        "--set {0}={1} comes too late: the option shapes the plan, and {2} is planned already. "
        "Compile the script again with it: castor compile job.sql --set {0}={1} -o {2}",
        key, value, file));
  }
  return Status::OK();
}

Status CheckScriptSettings(const Settings& configuration, const Settings& settings) {
  for (const auto& [key, value] : settings) {
    const auto planned = configuration.find(key);
    if (!ShapesThePlan(key) || planned == configuration.end() || planned->second == value) continue;
    return Status::InvalidArgument(fmt::format(
        "--set {}={} has no effect: the script itself sets it to {}", key, value, planned->second));
  }
  return Status::OK();
}

}  // namespace castor::cli
