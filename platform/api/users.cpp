// The users of the platform, which its admins look after.
#include <fmt/format.h>

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

Result<UserRecord> FindUser(Session* session, const Call& call) {
  const std::string& name = call.parameters.at("name");
  CASTOR_ASSIGN_OR_RETURN(auto found, session->Find<UserRecord>("WHERE name = ?", {name}));
  if (!found) return Status::NotFound("there is no user '" + name + "'");
  return std::move(*found);
}

// Without an admin nobody could make one.
Result<bool> IsLastAdmin(Session* session, const UserRecord& user) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto other, session->Find<UserRecord>("WHERE is_admin = 1 AND name <> ?", {user.name}));
  return user.is_admin != 0 && !other;
}

const char* const kLastAdmin = "this is the only admin: make another user admin first";

Json WithPassword(const UserRecord& user, const std::string& password) {
  Json json = UserJson(user);
  json["status"]["oneTimePassword"] = password;
  return json;
}

}  // namespace

Result<Api::Reply> Api::ListUsers(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const auto users, session.Select<UserRecord>("ORDER BY name", {}));
  Json items = Json::array();
  for (const UserRecord& user : users) items.push_back(UserJson(user));
  return Reply(200, PageJson("UserList", std::move(items), 0));
}

Result<Api::Reply> Api::GetUser(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const UserRecord user, FindUser(&session, call));
  return Reply(200, UserJson(user));
}

Result<Api::Reply> Api::CreateUser(const Call& call) const {
  UserRecord user;
  user.name = call.body->at("metadata").at("name");
  // As the audit log calls who has the local token.
  if (user.name == "local") return Reply::Refused(400, "no user can be called local");
  const auto spec = call.body->value("spec", nlohmann::json::object());
  user.is_admin = spec.value("admin", false) ? 1 : 0;
  user.must_change = 1;
  user.created_at = user.modified_at = NowMs();
  const std::string password = NewPassword();
  CASTOR_ASSIGN_OR_RETURN(user.password, parts_.access->passwords().Hash(password));
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const auto other,
                          session.Find<UserRecord>("WHERE name = ?", {user.name}));
  if (other) return Reply::Refused(409, "there is a user '" + user.name + "' already");
  CASTOR_RETURN_NOT_OK(session.Save(user));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(201, WithPassword(user, password));
}

Result<Api::Reply> Api::PatchUser(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(UserRecord user, FindUser(&session, call));
  nlohmann::json document = nlohmann::json::parse(UserJson(user).dump());
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check("User", document));
  const auto& metadata = document["metadata"];
  if (metadata["name"] != user.name) return Reply::Refused(400, "metadata.name cannot be changed");
  const int64_t expected = metadata.value("resourceVersion", user.resource_version);
  if (expected != user.resource_version) {
    return Reply::Refused(409, fmt::format("the user has resourceVersion {} by now, not {}",
                                           user.resource_version, expected));
  }
  const auto spec = document.value("spec", nlohmann::json::object());
  const bool is_admin = spec.value("admin", false);
  CASTOR_ASSIGN_OR_RETURN(const bool is_last, IsLastAdmin(&session, user));
  if (is_last && !is_admin) return Reply::Refused(409, kLastAdmin);
  user.is_admin = is_admin ? 1 : 0;
  user.modified_at = NowMs();
  ++user.resource_version;
  CASTOR_RETURN_NOT_OK(session.Save(user));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, UserJson(user));
}

Result<Api::Reply> Api::DeleteUser(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const UserRecord user, FindUser(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const bool is_last, IsLastAdmin(&session, user));
  if (is_last) return Reply::Refused(409, kLastAdmin);
  CASTOR_RETURN_NOT_OK(session.DeleteUser(user.name));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  return Reply(200, UserJson(user));
}

// Ends the user's sessions; their tokens wait until the password is changed.
Result<Api::Reply> Api::ResetPassword(const Call& call) const {
  const std::string password = NewPassword();
  CASTOR_ASSIGN_OR_RETURN(const std::string hash, parts_.access->passwords().Hash(password));
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(UserRecord user, FindUser(&session, call));
  user.password = hash;
  user.must_change = 1;
  user.modified_at = NowMs();
  ++user.resource_version;
  CASTOR_RETURN_NOT_OK(session.Save(user));
  CASTOR_RETURN_NOT_OK(session.ForgetLoginsOf(user.name, ""));
  CASTOR_RETURN_NOT_OK(parts_.access->Commit(&session));
  limits_->logins_by_name.Forget(user.name);
  return Reply(200, WithPassword(user, password));
}

}  // namespace castor::platform
