// What holds for all of a namespace: one document each, which is there with its defaults until
// somebody changes it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

Result<PolicyRecord> FindPolicy(Session* session, const std::string& in, const char* kind) {
  CASTOR_ASSIGN_OR_RETURN(
      auto found, session->Find<PolicyRecord>("WHERE namespace = ? AND kind = ?", {in, kind}));
  if (found) return std::move(*found);
  PolicyRecord none;
  none.namespace_name = in;
  none.kind = kind;
  none.spec = "{}";
  return none;
}

}  // namespace

Result<Api::Reply> Api::GetPolicy(const Call& call, const char* kind) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const PolicyRecord policy,
                          FindPolicy(&session, call.parameters.at("namespace"), kind));
  nlohmann::json document = nlohmann::json::parse(TextOf(ToJson(policy)));
  contract_->Fill(kind, &document);
  return Reply::Document(200, document.dump());
}

Result<Api::Reply> Api::PatchPolicy(const Call& call, const char* kind) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(PolicyRecord policy,
                          FindPolicy(&session, call.parameters.at("namespace"), kind));
  nlohmann::json document = nlohmann::json::parse(TextOf(ToJson(policy)));
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check(kind, document));
  contract_->Fill(kind, &document);
  const int64_t expected = document["metadata"].value("resourceVersion", policy.resource_version);
  if (expected != policy.resource_version) {
    return Reply::Refused(409, fmt::format("it has resourceVersion {} by now, not {}",
                                           policy.resource_version, expected));
  }
  policy.spec = document["spec"].dump();
  policy.modified_at = NowMs();
  ++policy.resource_version;
  CASTOR_RETURN_NOT_OK(session.Save(policy));
  CASTOR_RETURN_NOT_OK(session.Commit());
  parts_.policy_changed(policy.namespace_name);
  return Reply(200, ToJson(policy));
}

Result<Api::Reply> Api::GetRetentionPolicy(const Call& call) const {
  return GetPolicy(call, "RetentionPolicy");
}

Result<Api::Reply> Api::PatchRetentionPolicy(const Call& call) const {
  return PatchPolicy(call, "RetentionPolicy");
}

}  // namespace castor::platform
