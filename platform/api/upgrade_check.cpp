// What would become of a deployment's state if it were changed, before anybody changes it.
#include <nlohmann/json.hpp>
#include <variant>

#include "cli/planner/compile_script.h"
#include "platform/api/api.h"
#include "platform/api/deployment_lookup.h"
#include "platform/api/reply.h"
#include "platform/controller/restore_point.h"
#include "platform/controller/upgrade_check.h"
#include "platform/metadata/fill_template.h"
#include "platform/metadata/versions.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;
using Fate = StatePart::Fate;

const char* NameOf(Fate fate) {
  switch (fate) {
    case Fate::kKept:
      return "KEPT";
    case Fate::kLost:
      return "LOST";
    case Fate::kNew:
      return "NEW";
  }
  return "";
}

Json PartsJson(const std::vector<StatePart>& parts) {
  Json operators = Json::array();
  for (const StatePart& part : parts) {
    Json json = {
        {"uid", part.uid}, {"description", part.description}, {"state", NameOf(part.fate)}};
    if (!part.reason.empty()) json["reason"] = part.reason;
    operators.push_back(std::move(json));
  }
  return operators;
}

}  // namespace

// Reads what the deployment would go on with.
Result<std::function<Result<HeldBy>()>> Api::FindHeldState(
    Session* session, const DeploymentRecord& deployment) const {
  using Reader = std::function<Result<HeldBy>()>;
  CASTOR_ASSIGN_OR_RETURN(
      const auto job,
      session->Find<JobRecord>("WHERE deployment = ? ORDER BY sequence DESC", {deployment.id}));
  if (job && job->active()) {
    const std::string bundle = parts_.bundles + "/" + BundleName(deployment.id, job->version);
    return Reader([this, id = job->id, bundle] {
      return ReadHeldState([&] { return parts_.latest_checkpoint(id); }, bundle);
    });
  }
  CASTOR_ASSIGN_OR_RETURN(
      const auto saved,
      session->Find<SavepointRecord>(
          "WHERE deployment = ? AND state = 'COMPLETED' ORDER BY sequence DESC", {deployment.id}));
  const RestorePoint point =
      FindRestorePoint(job, saved, ReadSpec(deployment.spec).restore, parts_.latest_checkpoint);
  return Reader(
      [snapshot = point.snapshot] { return ReadHeldState([&] { return snapshot; }, ""); });
}

Result<Api::Reply> Api::CheckUpgrade(const Call& call) const {
  DeploymentRecord deployment;
  Filled filled;
  std::function<Result<HeldBy>()> read;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
    CASTOR_ASSIGN_OR_RETURN(deployment, FindDeployment(&session, call));
    CASTOR_ASSIGN_OR_RETURN(const std::string shown, ShowDeployment(&session, deployment.id));
    nlohmann::json document = nlohmann::json::parse(shown);
    document.merge_patch(*call.body);
    CASTOR_RETURN_NOT_OK(contract_->Check("Deployment", document));
    contract_->Fill("Deployment", &document);
    const Template of = ReadTemplate(document.at("spec").at("template").dump());
    if (of.kind != ArtifactKind::kSql || of.engine == EngineChoice::kFlink) {
      return Reply::Refused(400,
                            "what becomes of state can be told of scripts on the native engine");
    }
    CASTOR_ASSIGN_OR_RETURN(filled,
                            FillTemplate(&session, *parts_.vault, deployment.namespace_name, of));
    CASTOR_ASSIGN_OR_RETURN(read, FindHeldState(&session, deployment));
  }
  CASTOR_ASSIGN_OR_RETURN(
      const auto planned,
      cli::CompileScript(parts_.paths,
                         {.file = deployment.name, .text = filled.of.sql, .name = deployment.name},
                         {.settings = filled.of.configuration, .explain = false, .quiet = true}));
  if (const auto* error = std::get_if<cli::SqlError>(&planned)) {
    return Reply::Refused(400, "the new version cannot be planned: " +
                                   WithoutSecrets(error->message, filled.secrets));
  }
  CASTOR_ASSIGN_OR_RETURN(const HeldBy held, read());
  CASTOR_ASSIGN_OR_RETURN(auto parts,
                          FitState(held.state, std::get<cli::Compiled>(planned).bundle));
  for (StatePart& part : parts) {
    part.description = WithoutSecrets(std::move(part.description), filled.secrets);
    part.reason = WithoutSecrets(std::move(part.reason), filled.secrets);
  }
  Json status = {{"losesState", !LossesOf(parts).empty()}, {"operators", PartsJson(parts)}};
  if (!held.snapshot.empty()) status["snapshot"] = held.snapshot;
  return Reply(200, {{"apiVersion", "v1"},
                     {"kind", "UpgradeCheck"},
                     {"metadata",
                      {{"deploymentId", deployment.id}, {"namespace", deployment.namespace_name}}},
                     {"status", std::move(status)}});
}

}  // namespace castor::platform
