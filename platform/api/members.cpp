// Who has which role in a namespace: people and tokens.
#include <nlohmann/json.hpp>

#include "platform/api/access_resources.h"
#include "platform/api/api.h"
#include "platform/api/caller.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

Result<std::optional<MemberRecord>> FindMember(Session* session, const Call& call) {
  return session->Find<MemberRecord>("WHERE namespace = ? AND user = ?",
                                     {call.parameters.at("namespace"), call.parameters.at("name")});
}

Result<TokenRecord> FindToken(Session* session, const Call& call) {
  const std::string& name = call.parameters.at("name");
  CASTOR_ASSIGN_OR_RETURN(
      auto found, session->Find<TokenRecord>("WHERE user = '' AND namespace = ? AND name = ?",
                                             {call.parameters.at("namespace"), name}));
  if (!found) return Status::NotFound("there is no API token '" + name + "'");
  return std::move(*found);
}

// "ci" of "namespaces/default/apitokens/ci"; empty if it is another namespace's.
std::string ShortName(const std::string& name, const std::string& in) {
  if (name.find('/') == std::string::npos) return name;
  const std::string prefix = "namespaces/" + in + "/apitokens/";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : "";
}

}  // namespace

Result<Api::Reply> Api::ListMembers(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto members,
                          session.Select<MemberRecord>("WHERE namespace = ? ORDER BY user",
                                                       {call.parameters.at("namespace")}));
  Json items = Json::array();
  for (const MemberRecord& member : members) items.push_back(MemberJson(member));
  return Reply(200, PageJson("MemberList", std::move(items), 0));
}

Result<Api::Reply> Api::PutMember(const Call& call) const {
  const std::string& name = call.parameters.at("name");
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto user, session.Find<UserRecord>("WHERE name = ?", {name}));
  if (!user) {
    return Status::NotFound("there is no user '" + name + "'; an admin can make one");
  }
  CASTOR_ASSIGN_OR_RETURN(const auto before, FindMember(&session, call));
  const MemberRecord member = {.namespace_name = call.parameters.at("namespace"),
                               .user = name,
                               .role = call.body->at("spec").at("role"),
                               .created_at = before ? before->created_at : NowMs()};
  CASTOR_RETURN_NOT_OK(session.Save(member));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, MemberJson(member));
}

Result<Api::Reply> Api::DeleteMember(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto member, FindMember(&session, call));
  if (!member) return Status::NotFound(call.parameters.at("name") + " is no member");
  CASTOR_RETURN_NOT_OK(session.Remove(*member));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, MemberJson(*member));
}

Result<Api::Reply> Api::ListApiTokens(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(
      const auto tokens,
      session.Select<TokenRecord>("WHERE user = '' AND namespace = ? ORDER BY sequence",
                                  {call.parameters.at("namespace")}));
  Json items = Json::array();
  for (const TokenRecord& token : tokens) items.push_back(ApiTokenJson(token));
  return Reply(200, {{"apiTokens", std::move(items)}});
}

Result<Api::Reply> Api::GetApiToken(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const TokenRecord token, FindToken(&session, call));
  return Reply(200, {{"apiToken", ApiTokenJson(token)}});
}

Result<Api::Reply> Api::CreateApiToken(const Call& call) const {
  TokenRecord token;
  token.namespace_name = call.parameters.at("namespace");
  token.name = ShortName(call.body->at("name").get<std::string>(), token.namespace_name);
  token.role = call.body->at("role");
  if (token.name.empty()) {
    return Reply::Refused(
        400, "name is that of another namespace's token; the address says " + token.namespace_name);
  }
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(
      const auto other, session.Find<TokenRecord>("WHERE user = '' AND namespace = ? AND name = ?",
                                                  {token.namespace_name, token.name}));
  if (other) return Reply::Refused(409, "there is an API token '" + token.name + "' already");
  CASTOR_ASSIGN_OR_RETURN(const std::string secret, AddToken(&session, *call.caller, &token));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  Json json = ApiTokenJson(token);
  json["secret"] = secret;
  return Reply(200, {{"apiToken", std::move(json)}});
}

Result<Api::Reply> Api::DeleteApiToken(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const TokenRecord token, FindToken(&session, call));
  CASTOR_RETURN_NOT_OK(session.Remove(token));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, {{"apiToken", ApiTokenJson(token)}});
}

}  // namespace castor::platform
