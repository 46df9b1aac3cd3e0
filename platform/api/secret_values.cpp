// Secret values: they come in, are kept sealed, and go to jobs; no answer has them.
#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

Result<SecretValueRecord> FindIn(Session* session, const Call& call) {
  const std::string& name = call.parameters.at("name");
  CASTOR_ASSIGN_OR_RETURN(
      auto found, session->Find<SecretValueRecord>("WHERE namespace = ? AND name = ?",
                                                   {call.parameters.at("namespace"), name}));
  if (!found) return Status::NotFound("there is no secret value '" + name + "'");
  return std::move(*found);
}

// Empty if the document has none.
std::string ValueIn(const nlohmann::json& document) {
  const auto spec = document.find("spec");
  return spec == document.end() || !spec->is_object() ? "" : spec->value("value", "");
}

}  // namespace

Result<Api::Reply> Api::ListSecretValues(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto secrets,
                          session.Select<SecretValueRecord>("WHERE namespace = ? ORDER BY name",
                                                            {call.parameters.at("namespace")}));
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const SecretValueRecord& secret : secrets) items.push_back(ToJson(secret));
  return Reply(200, PageJson("SecretValueList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateSecretValue(const Call& call) const {
  SecretValueRecord secret;
  secret.namespace_name = call.parameters.at("namespace");
  secret.name = call.body->at("metadata").at("name");
  secret.created_at = secret.modified_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(secret.value, parts_.vault->Seal(ValueIn(*call.body), secret.place()));
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto other,
                          session.Find<SecretValueRecord>("WHERE namespace = ? AND name = ?",
                                                          {secret.namespace_name, secret.name}));
  if (other) return Reply::Refused(409, "there is a secret value '" + secret.name + "' already");
  CASTOR_RETURN_NOT_OK(session.Save(secret));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, ToJson(secret));
}

Result<Api::Reply> Api::GetSecretValue(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SecretValueRecord secret, FindIn(&session, call));
  return Reply(200, ToJson(secret));
}

Result<Api::Reply> Api::PatchSecretValue(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(SecretValueRecord secret, FindIn(&session, call));
  nlohmann::json document = nlohmann::json::parse(ToJson(secret).dump());
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check("SecretValue", document));
  if (document["metadata"]["name"] != secret.name) {
    return Reply::Refused(400, "metadata.name cannot be changed");
  }
  CASTOR_ASSIGN_OR_RETURN(secret.value, parts_.vault->Seal(ValueIn(document), secret.place()));
  secret.modified_at = NowMs();
  CASTOR_RETURN_NOT_OK(session.Save(secret));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(secret));
}

Result<Api::Reply> Api::DeleteSecretValue(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SecretValueRecord secret, FindIn(&session, call));
  CASTOR_RETURN_NOT_OK(session.Remove(secret));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(secret));
}

}  // namespace castor::platform
