// Deployments: what a person wants. Each change is one transaction, with the new version if the
// template is another.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/defaults.h"
#include "platform/api/deployment_lookup.h"
#include "platform/api/label_selector.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/metadata/spec.h"

namespace castor::platform {
namespace {

using Json = nlohmann::json;
using Labels = std::map<std::string, std::string>;

// Which fields an artifact has depends on its kind.
Status CheckArtifact(const Json& spec) {
  const Json& artifact = spec.at("artifact");
  const auto kind = artifact.at("kind").get<std::string>();
  const bool is_sql = kind == "SQLSCRIPT";
  const char* needed = is_sql ? "sqlScript" : "jarUri";
  if (!artifact.contains(needed)) {
    return Status::InvalidArgument(fmt::format("an artifact of kind {} has no {}", kind, needed));
  }
  for (const char* field : {"sqlScript", "jarUri", "entryClass", "mainArgs"}) {
    const bool is_of_sql = field == std::string_view("sqlScript");
    if (artifact.contains(field) && is_of_sql != is_sql) {
      return Status::InvalidArgument(fmt::format("an artifact of kind {} with {}", kind, field));
    }
  }
  const std::string engine = spec.value("engine", is_sql ? "native" : "flink");
  if (!is_sql && engine != "flink") {
    return Status::InvalidArgument(
        fmt::format("engine {} for an artifact of kind {}, which only Flink runs: leave engine out",
                    engine, kind));
  }
  if (engine != "native") return Status::OK();
  for (const bool given :
       {artifact.contains("additionalDependencies"), spec.contains("resources")}) {
    if (given) {
      return Status::InvalidArgument(
          "additionalDependencies and resources are for engine flink or auto: the native engine "
          "takes neither");
    }
  }
  return Status::OK();
}

// What the schema cannot say.
Status CheckSpec(const Json& spec) {
  CASTOR_RETURN_NOT_OK(CheckArtifact(spec["template"]["spec"]));
  if (spec["upgradeStrategy"]["kind"] == "STATEFUL" && spec["restoreStrategy"]["kind"] == "NONE") {
    return Status::InvalidArgument(
        "a STATEFUL upgrade with restoreStrategy NONE would lose the state that it saves; choose "
        "another restoreStrategy, or upgradeStrategy STATELESS");
  }
  return Status::OK();
}

// What a person writes of a deployment, out of a whole document.
Status Take(const Json& document, DeploymentRecord* deployment) {
  const Json& metadata = document.at("metadata");
  CASTOR_RETURN_NOT_OK(CheckSpec(document.at("spec")));
  deployment->name = metadata.at("name");
  deployment->labels = metadata.value("labels", Json::object()).dump();
  deployment->annotations = metadata.value("annotations", Json::object()).dump();
  deployment->spec = document.at("spec").dump();
  return Status::OK();
}

Status SaveVersion(Session* session, const DeploymentRecord& deployment, const Json& spec) {
  VersionRecord version;
  version.deployment = deployment.id;
  version.version = deployment.version;
  version.template_json = spec.at("template").dump();
  version.created_at = deployment.modified_at;
  return session->Save(version);
}

Result<bool> IsNameTaken(Session* session, const DeploymentRecord& deployment) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto other,
      session->Find<DeploymentRecord>("WHERE namespace = ? AND name = ? AND id != ?",
                                      {deployment.namespace_name, deployment.name, deployment.id}));
  return other.has_value();
}

std::string NameTaken(const DeploymentRecord& deployment) {
  return "there is a deployment '" + deployment.name + "' already";
}

Status AddEvent(Session* session, const DeploymentRecord& deployment, const char* name,
                std::string message) {
  EventRecord event;
  event.namespace_name = deployment.namespace_name;
  event.deployment = deployment.id;
  event.name = name;
  event.message = std::move(message);
  return session->AddEvent(std::move(event));
}

bool IsSelected(const LabelSelector& selector, const std::string& labels) {
  return selector.SelectsAll() || selector.Selects(Json::parse(labels).get<Labels>());
}

// What has changed, for people.
std::string Difference(const Json& before, const Json& after) {
  std::string text;
  for (const char* part : {"metadata", "spec"}) {
    for (const auto& [name, value] : after.at(part).items()) {
      if (before.at(part).value(name, Json()) == value) continue;
      text += text.empty() ? "" : ", ";
      text += value.is_string() ? fmt::format("{} is {}", name, value.get<std::string>()) : name;
    }
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

Result<Api::Reply> Api::ListDeployments(const Call& call) const {
  const auto given = call.parameters.find("labelSelector");
  CASTOR_ASSIGN_OR_RETURN(
      const LabelSelector selector,
      LabelSelector::Parse(given == call.parameters.end() ? "" : given->second));
  PageRequest page = ReadPage(call);
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  std::string items;
  // Those that are not selected do not count, and so the page may need more looks than one.
  for (int64_t selected = 0;;) {
    PageQuery query = QueryOf(call, {{"namespace", "namespace"}, {"name", "name"}}, page);
    query.clause += fmt::format(" LIMIT {}", page.size + 1);
    CASTOR_ASSIGN_OR_RETURN(const auto deployments,
                            session.Select<DeploymentListing>(query.clause, query.values));
    for (const DeploymentListing& each : deployments) {
      if (!IsSelected(selector, each.labels)) continue;
      if (selected == page.size) {
        return Reply::Document(200, PageText("DeploymentList", items, page.after));
      }
      items += (items.empty() ? "" : ",") + DeploymentText(each);
      page.after = each.sequence;
      ++selected;
    }
    if (static_cast<int64_t>(deployments.size()) <= page.size) break;
    page.after = deployments.back().sequence;
  }
  return Reply::Document(200, PageText("DeploymentList", items, 0));
}

Result<Api::Reply> Api::CreateDeployment(const Call& call) const {
  DeploymentRecord deployment;
  deployment.id = NewId();
  deployment.namespace_name = call.parameters.at("namespace");
  deployment.created_at = deployment.modified_at = NowMs();
  std::string shown;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    Json document = *call.body;
    CASTOR_RETURN_NOT_OK(LayOverDefaults(&session, deployment.namespace_name, &document));
    contract_->Fill("Deployment", &document);
    CASTOR_RETURN_NOT_OK(contract_->Check("Deployment", document));
    CASTOR_RETURN_NOT_OK(Take(document, &deployment));
    CASTOR_ASSIGN_OR_RETURN(const bool taken, IsNameTaken(&session, deployment));
    if (taken) return Reply::Refused(409, NameTaken(deployment));
    CASTOR_ASSIGN_OR_RETURN(deployment.sequence, session.NextSequence<DeploymentRecord>());
    CASTOR_RETURN_NOT_OK(session.Save(deployment));
    CASTOR_RETURN_NOT_OK(SaveVersion(&session, deployment, document["spec"]));
    CASTOR_RETURN_NOT_OK(AddEvent(&session, deployment, "DEPLOYMENT_CREATED",
                                  "Deployment " + deployment.name + " is created"));
    CASTOR_ASSIGN_OR_RETURN(shown, ShowDeployment(&session, deployment.id));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  parts_.changed(deployment.id);
  return Reply::Document(201, std::move(shown));
}

Result<Api::Reply> Api::GetDeployment(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const DeploymentRecord deployment, FindDeployment(&session, call));
  CASTOR_ASSIGN_OR_RETURN(std::string shown, ShowDeployment(&session, deployment.id));
  return Reply::Document(200, std::move(shown));
}

Result<Api::Reply> Api::PatchDeployment(const Call& call) const {
  std::string shown;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(DeploymentRecord deployment, FindDeployment(&session, call));
    CASTOR_ASSIGN_OR_RETURN(const std::string before, ShowDeployment(&session, deployment.id));
    const Json old = Json::parse(before);
    Json document = old;
    document.merge_patch(*call.body);
    CASTOR_RETURN_NOT_OK(contract_->Check("Deployment", document));
    // What was deleted by the patch is as if it had been left out.
    contract_->Fill("Deployment", &document);
    const auto& metadata = document["metadata"];
    const int64_t expected = metadata.value("resourceVersion", deployment.resource_version);
    if (expected != deployment.resource_version) {
      return Reply::Refused(409, fmt::format("the deployment has resourceVersion {} by now, not {}",
                                             deployment.resource_version, expected));
    }
    for (const char* fixed : {"id", "namespace"}) {
      if (metadata.value(fixed, "") != old["metadata"][fixed]) {
        return Reply::Refused(400, std::string("metadata.") + fixed + " cannot be changed");
      }
    }
    CASTOR_RETURN_NOT_OK(Take(document, &deployment));
    CASTOR_ASSIGN_OR_RETURN(const bool taken, IsNameTaken(&session, deployment));
    if (taken) return Reply::Refused(409, NameTaken(deployment));
    deployment.modified_at = NowMs();
    ++deployment.resource_version;
    if (document["spec"]["template"] != old["spec"]["template"]) {
      ++deployment.version;
      CASTOR_RETURN_NOT_OK(SaveVersion(&session, deployment, document["spec"]));
    }
    CASTOR_RETURN_NOT_OK(session.Save(deployment));
    CASTOR_RETURN_NOT_OK(AddEvent(&session, deployment, "DEPLOYMENT_CHANGED",
                                  "Changed: " + Difference(old, document)));
    CASTOR_ASSIGN_OR_RETURN(shown, ShowDeployment(&session, deployment.id));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  parts_.changed(call.parameters.at("id"));
  return Reply::Document(200, std::move(shown));
}

Result<Api::Reply> Api::DeleteDeployment(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const DeploymentRecord deployment, FindDeployment(&session, call));
  CASTOR_ASSIGN_OR_RETURN(std::string shown, ShowDeployment(&session, deployment.id));
  CASTOR_ASSIGN_OR_RETURN(
      const auto job,
      session.Find<JobRecord>("WHERE deployment = ? AND ended_at = 0", {deployment.id}));
  if (job || ReadSpec(deployment.spec).state != DesiredState::kCancelled) {
    return Reply::Refused(409, "only a deployment that is CANCELLED can be deleted");
  }
  CASTOR_RETURN_NOT_OK(session.DeleteDeployment(deployment.id));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, deployment, "DEPLOYMENT_DELETED",
                                "Deployment " + deployment.name + " is deleted"));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply::Document(200, std::move(shown));
}

}  // namespace castor::platform
