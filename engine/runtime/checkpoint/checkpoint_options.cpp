#include "runtime/checkpoint/checkpoint_options.h"

namespace castor::runtime {
namespace {

Result<Retention> ReadRetention(const Configuration& configuration) {
  const std::string key = "execution.checkpointing.externalized-checkpoint-retention";
  CASTOR_ASSIGN_OR_RETURN(
      const std::string value,
      configuration.GetChoice(
          key, {"NO_EXTERNALIZED_CHECKPOINTS", "DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION"},
          "NO_EXTERNALIZED_CHECKPOINTS"));
  return value == "RETAIN_ON_CANCELLATION" ? Retention::kRetainOnCancellation
                                           : Retention::kDeleteOnCancellation;
}

Status RefuseUnsupported(const Configuration& configuration) {
  CASTOR_ASSIGN_OR_RETURN(
      const bool unaligned,
      configuration.GetBool("execution.checkpointing.unaligned.enabled", false));
  if (unaligned) {
    return Status::Unsupported(
        "execution.checkpointing.unaligned.enabled = true: checkpoints are aligned here; "
        "leave the option out");
  }
  CASTOR_ASSIGN_OR_RETURN(
      const std::string mode,
      configuration.GetChoice("execution.checkpointing.mode", {"EXACTLY_ONCE", "AT_LEAST_ONCE"},
                              "EXACTLY_ONCE"));
  if (mode != "EXACTLY_ONCE") {
    return Status::Unsupported("execution.checkpointing.mode = '" + mode +
                               "': only EXACTLY_ONCE exists here");
  }
  return Status::OK();
}

}  // namespace

Result<CheckpointOptions> ReadCheckpointOptions(const Configuration& configuration) {
  CASTOR_RETURN_NOT_OK(RefuseUnsupported(configuration));
  CheckpointOptions options;
  const std::string prefix = "execution.checkpointing.";
  CASTOR_ASSIGN_OR_RETURN(options.interval_ms,
                          configuration.GetDurationMs(prefix + "interval", options.interval_ms));
  CASTOR_ASSIGN_OR_RETURN(options.timeout_ms,
                          configuration.GetDurationMs(prefix + "timeout", options.timeout_ms));
  CASTOR_ASSIGN_OR_RETURN(options.min_pause_ms,
                          configuration.GetDurationMs(prefix + "min-pause", options.min_pause_ms));
  CASTOR_ASSIGN_OR_RETURN(
      options.tolerable_failures,
      configuration.GetInt(prefix + "tolerable-failed-checkpoints", options.tolerable_failures));
  CASTOR_ASSIGN_OR_RETURN(options.retained,
                          configuration.GetInt(prefix + "num-retained", options.retained));
  if (options.retained < 1) {
    return Status::InvalidArgument(prefix + "num-retained must be at least 1");
  }
  CASTOR_ASSIGN_OR_RETURN(options.retention, ReadRetention(configuration));
  options.directory = configuration.GetString(prefix + "dir", "");
  options.savepoint_directory = configuration.GetString(prefix + "savepoint-dir", "");
  return options;
}

}  // namespace castor::runtime
