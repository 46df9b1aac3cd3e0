#include "platform/api/defaults.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

using Json = nlohmann::json;

// The least that a person has to say.
Json LeastDeployment() {
  return {{"metadata", {{"name", "d"}}},
          {"spec",
           {{"template",
             {{"spec", {{"artifact", {{"kind", "SQLSCRIPT"}, {"sqlScript", "SELECT 1"}}}}}}}}}};
}

nlohmann::ordered_json TargetJson() {
  return {{"apiVersion", "v1"},
          {"kind", "DeploymentTarget"},
          {"metadata", {{"name", "local"}}},
          {"spec", {{"kind", "LOCAL_PROCESS"}}}};
}

}  // namespace

Result<DeploymentDefaultsRecord> FindDefaults(Session* session, const std::string& in) {
  CASTOR_ASSIGN_OR_RETURN(auto found,
                          session->Find<DeploymentDefaultsRecord>("WHERE namespace = ?", {in}));
  if (found) return std::move(*found);
  DeploymentDefaultsRecord none;
  none.namespace_name = in;
  return none;
}

Status LayOverDefaults(Session* session, const std::string& in, Json* document) {
  CASTOR_ASSIGN_OR_RETURN(const auto defaults, FindDefaults(session, in));
  Json laid = {{"spec", Json::parse(defaults.spec)}};
  laid.merge_patch(*document);
  *document = std::move(laid);
  return Status::OK();
}

// What the contract's defaults make of a deployment that says nothing.
Result<Api::Reply> Api::GetGlobalDefaults(const Call&) const {
  Json document = LeastDeployment();
  contract_->Fill("Deployment", &document);
  Json spec = document["spec"];
  spec["template"]["spec"].erase("artifact");
  return Reply(200, {{"apiVersion", "v1"},
                     {"kind", "GlobalDeploymentDefaults"},
                     {"spec", nlohmann::ordered_json::parse(spec.dump())}});
}

Result<Api::Reply> Api::GetDefaults(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto defaults,
                          FindDefaults(&session, call.parameters.at("namespace")));
  return Reply(200, ToJson(defaults));
}

Result<Api::Reply> Api::PatchDefaults(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(auto defaults, FindDefaults(&session, call.parameters.at("namespace")));
  Json document = Json::parse(ToJson(defaults).dump());
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check("DeploymentDefaults", document));
  const Json spec = document.value("spec", Json::object());
  const int64_t expected = document["metadata"].value("resourceVersion", defaults.resource_version);
  if (expected != defaults.resource_version) {
    return Reply::Refused(409, fmt::format("the defaults have resourceVersion {} by now, not {}",
                                           defaults.resource_version, expected));
  }
  // Whatever a deployment may say, and nothing else.
  Json sample = LeastDeployment();
  sample.merge_patch({{"spec", spec}});
  CASTOR_RETURN_NOT_OK(contract_->Check("Deployment", sample));
  defaults.spec = spec.dump();
  defaults.modified_at = NowMs();
  ++defaults.resource_version;
  CASTOR_RETURN_NOT_OK(session.Save(defaults));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(defaults));
}

Result<Api::Reply> Api::ListTargets(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  return Reply(200,
               PageJson("DeploymentTargetList", nlohmann::ordered_json::array({TargetJson()}), 0));
}

Result<Api::Reply> Api::GetTarget(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  const std::string& name = call.parameters.at("name");
  if (name != "local") return Status::NotFound("there is no deployment target '" + name + "'");
  return Reply(200, TargetJson());
}

}  // namespace castor::platform
