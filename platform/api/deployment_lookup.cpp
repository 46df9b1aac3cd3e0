#include "platform/api/deployment_lookup.h"

#include <nlohmann/json.hpp>

#include "platform/api/resources.h"

namespace castor::platform {

Result<nlohmann::ordered_json> ShowDeployment(Session* session,
                                              const DeploymentRecord& deployment) {
  CASTOR_ASSIGN_OR_RETURN(const auto status, session->Find<DeploymentStatusRecord>(
                                                 "WHERE deployment = ?", {deployment.id}));
  CASTOR_ASSIGN_OR_RETURN(
      const auto version,
      session->Find<VersionRecord>("WHERE deployment = ? ORDER BY version DESC", {deployment.id}));
  CASTOR_ASSIGN_OR_RETURN(
      const auto job,
      session->Find<JobRecord>("WHERE deployment = ? AND ended_at = 0", {deployment.id}));
  return ToJson(deployment, status.value_or(DeploymentStatusRecord()), job,
                version.value_or(VersionRecord()));
}

Result<DeploymentRecord> FindDeployment(Session* session, const Call& call) {
  CASTOR_ASSIGN_OR_RETURN(
      auto found,
      session->Find<DeploymentRecord>("WHERE namespace = ? AND id = ?",
                                      {call.parameters.at("namespace"), call.parameters.at("id")}));
  if (!found) {
    return Status::NotFound("there is no deployment with the id " + call.parameters.at("id"));
  }
  return std::move(*found);
}

}  // namespace castor::platform
