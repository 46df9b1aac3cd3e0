// What people do with their own account: log in and out, change the password, make tokens.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "platform/access/secret.h"
#include "platform/api/access_resources.h"
#include "platform/api/api.h"
#include "platform/api/caller.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kLoginSeconds = 12 * 3600;
constexpr int kUnauthorized = 401;
constexpr size_t kMostOwnTokens = 100;

Result<std::optional<UserRecord>> FindUserNamed(Session* session, const std::string& name) {
  return session->Find<UserRecord>("WHERE name = ?", {name});
}

// What is wrong with a new password; empty: nothing.
std::string Weakness(const std::string& password, const std::string& name,
                     const std::string& before) {
  if (password.size() < Passwords::kFewestCharacters) {
    return fmt::format("a password has at least {} characters", Passwords::kFewestCharacters);
  }
  if (password == before) return "the new password is the old one";
  if (password.find(name) != std::string::npos && password.size() < 2 * name.size() + 8) {
    return "the password is little more than the user's name";
  }
  return "";
}

Json NamespacesOf(const Directory& directory, const Principal& principal,
                  const std::vector<std::string>& names) {
  Json roles = Json::array();
  for (const std::string& name : names) {
    const Role role = directory.RoleIn(principal, name);
    if (role == Role::kNobody) continue;
    roles.push_back(
        {{"namespace", name}, {"role", RoleName(role == Role::kAdmin ? Role::kOwner : role)}});
  }
  return roles;
}

}  // namespace

// `principal` as the console shows it.
Result<Json> Api::AccountJson(const Principal& principal, const std::string& session_secret) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
  CASTOR_ASSIGN_OR_RETURN(const auto names, session.Namespaces());
  Json status = {{"admin", principal.is_admin},
                 {"mustChangePassword", principal.must_change},
                 {"namespaces", NamespacesOf(*parts_.access->directory(), principal, names)}};
  if (!session_secret.empty()) status["csrfToken"] = CsrfTokenOf(session_secret);
  return Json({{"apiVersion", "v1"},
               {"kind", "Account"},
               {"metadata", {{"name", principal.user}}},
               {"status", std::move(status)}});
}

Result<Api::Reply> Api::LogIn(const Call& call) const {
  const auto name = call.body->at("name").get<std::string>();
  const auto password = call.body->at("password").get<std::string>();
  call.caller->note->record.resource = "users/" + name;
  const int64_t by_name = limits_->logins_by_name.Take(name, NowMs());
  const int64_t by_address = limits_->logins_by_address.Take(call.caller->address, NowMs());
  if (by_name + by_address != 0) return TooMany(std::max(by_name, by_address));
  std::optional<UserRecord> user;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
    CASTOR_ASSIGN_OR_RETURN(user, FindUserNamed(&session, name));
  }
  if (!parts_.access->passwords().Verify(user ? user->password : "", password)) {
    return Reply::Refused(kUnauthorized,
                          "name or password is wrong; an admin can give another password");
  }
  limits_->logins_by_name.Forget(name);
  call.caller->note->record.actor = name;
  const std::string secret = NewSecret("");
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
    // It may have been changed while it was compared.
    CASTOR_ASSIGN_OR_RETURN(const auto now, FindUserNamed(&session, name));
    if (!now || now->password != user->password) {
      return Reply::Refused(kUnauthorized, "the password has just been changed");
    }
    CASTOR_RETURN_NOT_OK(session.ForgetLogins(NowMs()));
    CASTOR_RETURN_NOT_OK(session.Save(LoginRecord{.digest = DigestOf(secret),
                                                  .user = name,
                                                  .created_at = NowMs(),
                                                  .expires_at = NowMs() + kLoginSeconds * 1000}));
    CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  }
  const auto principal = parts_.access->FindLogin(secret);
  if (!principal) return Status::Internal("the session that was made is not there");
  CASTOR_ASSIGN_OR_RETURN(const Json account, AccountJson(*principal, secret));
  Reply reply(200, account);
  reply.headers.emplace_back("Set-Cookie", SessionCookie(*call.caller, secret, kLoginSeconds));
  return reply;
}

Result<Api::Reply> Api::LogOut(const Call& call) const {
  const Principal& principal = call.caller->principal;
  if (call.caller->session.empty()) {
    return Reply::Refused(409, "there is no session to end: this came with a token");
  }
  call.caller->note->record.resource = "users/" + principal.user;
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_RETURN_NOT_OK(session.Remove(LoginRecord{.digest = principal.credential, .user = {}}));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  Reply reply(200, {{"state", "LOGGED_OUT"}});
  reply.headers.emplace_back("Set-Cookie", SessionCookie(*call.caller, "", 0));
  return reply;
}

Result<Api::Reply> Api::GetAccount(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(const Json account,
                          AccountJson(call.caller->principal, call.caller->session));
  return Reply(200, account);
}

// Ends all other sessions: whoever has learnt the old password is out.
Result<Api::Reply> Api::ChangePassword(const Call& call) const {
  const Principal& principal = call.caller->principal;
  const auto before = call.body->at("oldPassword").get<std::string>();
  const auto password = call.body->at("newPassword").get<std::string>();
  const int64_t wait = limits_->logins_by_name.Take(principal.user, NowMs());
  if (wait != 0) return TooMany(wait);
  const std::string weakness = Weakness(password, principal.user, before);
  if (!weakness.empty()) return Reply::Refused(400, weakness);
  std::optional<UserRecord> user;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
    CASTOR_ASSIGN_OR_RETURN(user, FindUserNamed(&session, principal.user));
  }
  if (!parts_.access->passwords().Verify(user ? user->password : "", before)) {
    return Reply::Refused(400, "the old password is wrong");
  }
  CASTOR_ASSIGN_OR_RETURN(const std::string hash, parts_.access->passwords().Hash(password));
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
    CASTOR_ASSIGN_OR_RETURN(auto now, FindUserNamed(&session, principal.user));
    if (!now || now->password != user->password) {
      return Reply::Refused(409, "the password has just been changed by somebody else");
    }
    now->password = hash;
    now->must_change = 0;
    now->modified_at = NowMs();
    ++now->resource_version;
    CASTOR_RETURN_NOT_OK(session.Save(*now));
    CASTOR_RETURN_NOT_OK(session.ForgetLoginsOf(principal.user, principal.credential));
    CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  }
  limits_->logins_by_name.Forget(principal.user);
  Principal now = principal;
  now.must_change = false;
  CASTOR_ASSIGN_OR_RETURN(const Json account, AccountJson(now, call.caller->session));
  return Reply(200, account);
}

Result<Api::Reply> Api::ListOwnTokens(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const auto tokens,
                          session.Select<TokenRecord>("WHERE user = ? ORDER BY sequence",
                                                      {call.caller->principal.user}));
  Json items = Json::array();
  for (const TokenRecord& token : tokens) items.push_back(OwnTokenJson(token));
  return Reply(200, PageJson("AccessTokenList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateOwnToken(const Call& call) const {
  TokenRecord token;
  token.user = call.caller->principal.user;
  token.name = call.body->at("metadata").at("name");
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const auto all,
                          session.Select<TokenRecord>("WHERE user = ?", {token.user}));
  if (all.size() >= kMostOwnTokens) {
    return Reply::Refused(409,
                          fmt::format("you have {} tokens already; delete one first", all.size()));
  }
  for (const TokenRecord& other : all) {
    if (other.name != token.name) continue;
    return Reply::Refused(409, "you have a token '" + token.name + "' already");
  }
  CASTOR_ASSIGN_OR_RETURN(const std::string secret, AddToken(&session, *call.caller, &token));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  Json json = OwnTokenJson(token);
  json["status"]["secret"] = secret;
  return Reply(201, json);
}

Result<Api::Reply> Api::DeleteOwnToken(const Call& call) const {
  const std::string& id = call.parameters.at("id");
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(
      const auto token,
      session.Find<TokenRecord>("WHERE user = ? AND id = ?", {call.caller->principal.user, id}));
  if (!token) return Status::NotFound("you have no token with the id " + id);
  CASTOR_RETURN_NOT_OK(session.Remove(*token));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, OwnTokenJson(*token));
}

}  // namespace castor::platform
