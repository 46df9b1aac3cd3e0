#include "runtime/recovery/restore_options.h"

namespace castor::runtime {
namespace {

// The deprecated name where it is set: the others come with their defaults.
std::string NameOf(const Configuration& configuration, const std::string& name,
                   const std::string& deprecated) {
  return configuration.Find(deprecated).has_value() ? deprecated : name;
}

}  // namespace

Result<RestoreOptions> ReadRestoreOptions(const Configuration& configuration) {
  const std::string prefix = "execution.state-recovery.";
  RestoreOptions options;
  options.path = configuration.GetString(prefix + "path", "");
  if (options.path.empty()) options.path = configuration.GetString("execution.savepoint.path", "");
  CASTOR_ASSIGN_OR_RETURN(
      options.ignore_unclaimed_state,
      configuration.GetBool(NameOf(configuration, prefix + "ignore-unclaimed-state",
                                   "execution.savepoint.ignore-unclaimed-state"),
                            false));
  CASTOR_ASSIGN_OR_RETURN(const std::string mode,
                          configuration.GetChoice(NameOf(configuration, prefix + "claim-mode",
                                                         "execution.savepoint-restore-mode"),
                                                  {"NO_CLAIM", "CLAIM", "LEGACY"}, "NO_CLAIM"));
  if (mode == "CLAIM") options.claim_mode = ClaimMode::kClaim;
  if (mode == "LEGACY") options.claim_mode = ClaimMode::kLegacy;
  return options;
}

}  // namespace castor::runtime
