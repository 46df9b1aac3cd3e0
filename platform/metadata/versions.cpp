#include "platform/metadata/versions.h"

#include <fmt/format.h>

namespace castor::platform {
namespace {

constexpr const char* kWorked =
    "(checkpointed = 1 OR state = 'FINISHED' OR (ending = 'SAVEPOINT' AND ended_at != 0))";

}  // namespace

std::string BundleName(const std::string& deployment, int64_t version) {
  return fmt::format("{}-{}.json", deployment, version);
}

Result<bool> HasWorked(Session* session, const std::string& deployment, int64_t version,
                       int64_t after) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto job,
      session->Find<JobRecord>(
          fmt::format("WHERE deployment = ? AND version = ? AND sequence > ? AND {}", kWorked),
          {deployment, version, after}));
  return job.has_value();
}

Result<std::optional<VersionRecord>> FindWorkingBefore(Session* session,
                                                       const std::string& deployment,
                                                       int64_t version) {
  return session->Find<VersionRecord>(
      fmt::format("WHERE deployment = ? AND version < ? AND validity = 'VALID' AND version IN "
                  "(SELECT version FROM jobs WHERE deployment = versions.deployment AND {}) "
                  "ORDER BY version DESC",
                  kWorked),
      {deployment, version});
}

}  // namespace castor::platform
