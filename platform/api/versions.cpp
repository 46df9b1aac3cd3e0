// The versions of a deployment, and going back to one.
#include "platform/metadata/versions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/deployment_lookup.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

using Json = nlohmann::json;

// The last before that has worked; while the newest was never in force, the one that is.
Result<std::optional<VersionRecord>> FindUsualGoal(Session* session,
                                                   const DeploymentRecord& deployment) {
  CASTOR_ASSIGN_OR_RETURN(
      auto in_force,
      session->Find<VersionRecord>(
          "WHERE deployment = ? AND validity = 'VALID' ORDER BY version DESC", {deployment.id}));
  if (in_force && in_force->version != deployment.version) return in_force;
  return FindWorkingBefore(session, deployment.id, deployment.version);
}

// The version to go back to: the one that was asked for, else the usual.
Result<VersionRecord> FindGoal(Session* session, const DeploymentRecord& deployment,
                               const Json& body) {
  if (!body.contains("version")) {
    CASTOR_ASSIGN_OR_RETURN(auto found, FindUsualGoal(session, deployment));
    if (found) return std::move(*found);
    return Status::InvalidArgument(
        fmt::format("no version before {} has worked", deployment.version));
  }
  const auto version = body["version"].get<int64_t>();
  CASTOR_ASSIGN_OR_RETURN(auto found,
                          session->Find<VersionRecord>("WHERE deployment = ? AND version = ?",
                                                       {deployment.id, version}));
  if (found) return std::move(*found);
  return Status::InvalidArgument(fmt::format("there is no version {}", version));
}

// The snapshot to begin with: the savepoint that was asked for, else what the newest version began
// with. Empty: the restore strategy says.
Result<std::string> FindBegin(Session* session, const DeploymentRecord& deployment,
                              const Json& body) {
  if (body.contains("savepointId")) {
    CASTOR_ASSIGN_OR_RETURN(
        const auto savepoint,
        session->Find<SavepointRecord>(
            "WHERE namespace = ? AND id = ? AND state = 'COMPLETED'",
            {deployment.namespace_name, body["savepointId"].get<std::string>()}));
    if (savepoint) return savepoint->location;
    return Status::InvalidArgument("there is no completed savepoint with that savepointId");
  }
  CASTOR_ASSIGN_OR_RETURN(
      const auto first,
      session->Find<JobRecord>("WHERE deployment = ? AND version = ? ORDER BY sequence",
                               {deployment.id, deployment.version}));
  return first ? first->restore_from : "";
}

}  // namespace

Result<Api::Reply> Api::ListVersions(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const DeploymentRecord deployment, FindDeployment(&session, call));
  CASTOR_ASSIGN_OR_RETURN(
      const auto versions,
      session.Select<VersionRecord>("WHERE deployment = ? ORDER BY version", {deployment.id}));
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const VersionRecord& version : versions) items.push_back(ToJson(version));
  return Reply(200, PageJson("DeploymentVersionList", std::move(items), 0));
}

Result<Api::Reply> Api::RollBack(const Call& call) const {
  std::string shown;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(DeploymentRecord deployment, FindDeployment(&session, call));
    CASTOR_ASSIGN_OR_RETURN(VersionRecord goal, FindGoal(&session, deployment, *call.body));
    const int64_t back_to = goal.version;
    CASTOR_ASSIGN_OR_RETURN(goal.begin_with, FindBegin(&session, deployment, *call.body));
    Json spec = Json::parse(deployment.spec);
    spec["template"] = Json::parse(goal.template_json);
    deployment.spec = spec.dump();
    deployment.modified_at = goal.created_at = NowMs();
    ++deployment.resource_version;
    // Planned anew: what it names may be another by now.
    goal.version = ++deployment.version;
    goal.validity = "UNKNOWN";
    goal.message.clear();
    CASTOR_RETURN_NOT_OK(session.Save(deployment));
    CASTOR_RETURN_NOT_OK(session.Save(goal));
    EventRecord event;
    event.namespace_name = deployment.namespace_name;
    event.deployment = deployment.id;
    event.name = "ROLLBACK_REQUESTED";
    event.message = fmt::format("Version {} is version {} again{}{}", goal.version, back_to,
                                goal.begin_with.empty() ? "" : ", from ", goal.begin_with);
    CASTOR_RETURN_NOT_OK(session.AddEvent(std::move(event)));
    CASTOR_ASSIGN_OR_RETURN(shown, ShowDeployment(&session, deployment.id));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  parts_.changed(call.parameters.at("id"));
  return Reply::Document(200, std::move(shown));
}

}  // namespace castor::platform
