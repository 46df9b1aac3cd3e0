#include "platform/api/deployment_lookup.h"

#include "platform/api/resources.h"

namespace castor::platform {

Result<std::string> ShowDeployment(Session* session, const std::string& id) {
  CASTOR_ASSIGN_OR_RETURN(const auto listing,
                          session->Find<DeploymentListing>("WHERE id = ?", {id}));
  if (!listing) return Status::NotFound("there is no deployment with the id " + id);
  return DeploymentText(*listing);
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
