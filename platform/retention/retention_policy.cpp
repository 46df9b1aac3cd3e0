#include "platform/retention/retention_policy.h"

#include <nlohmann/json.hpp>

namespace castor::platform {

RetentionPolicy ReadRetentionPolicy(const std::string& spec) {
  constexpr int64_t kMsPerSecond = 1'000;
  const auto json = nlohmann::json::parse(spec);
  RetentionPolicy policy;
  const auto read = [&](const char* name, int64_t* ms) {
    *ms = json.value(name, *ms / kMsPerSecond) * kMsPerSecond;
  };
  read("checkpointSeconds", &policy.checkpoints_ms);
  read("jobSeconds", &policy.jobs_ms);
  read("eventSeconds", &policy.events_ms);
  read("alertSeconds", &policy.alerts_ms);
  policy.jobs_kept = json.value("keepJobs", policy.jobs_kept);
  return policy;
}

Result<RetentionPolicy> FindRetentionPolicy(Session* session, const std::string& in) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto found,
      session->Find<PolicyRecord>("WHERE namespace = ? AND kind = 'RetentionPolicy'", {in}));
  return found ? ReadRetentionPolicy(found->spec) : RetentionPolicy();
}

}  // namespace castor::platform
