#include "platform/access/directory.h"

namespace castor::platform {

Result<Directory> Directory::Load(Session* session) {
  Directory directory;
  CASTOR_ASSIGN_OR_RETURN(const auto users, session->Select<UserRecord>("", {}));
  for (const UserRecord& user : users) directory.users_[user.name] = user;
  CASTOR_ASSIGN_OR_RETURN(const auto members, session->Select<MemberRecord>("", {}));
  for (const MemberRecord& member : members) {
    directory.members_[{member.namespace_name, member.user}] =
        ParseRole(member.role).value_or(Role::kNobody);
  }
  CASTOR_ASSIGN_OR_RETURN(const auto logins, session->Select<LoginRecord>("", {}));
  for (const LoginRecord& login : logins) directory.logins_[login.digest] = login;
  CASTOR_ASSIGN_OR_RETURN(const auto tokens, session->Select<TokenRecord>("", {}));
  for (const TokenRecord& token : tokens) directory.tokens_[token.digest] = token;
  return directory;
}

Principal Directory::PersonOf(const std::string& user, const std::string& digest) const {
  const UserRecord& record = users_.at(user);
  return {.name = user,
          .user = user,
          .token_namespace = {},
          .token_role = Role::kNobody,
          .is_known = true,
          .is_admin = record.is_admin != 0,
          .must_change = record.must_change != 0,
          .credential = digest};
}

std::optional<Principal> Directory::FindLogin(const std::string& digest, int64_t now_ms) const {
  const auto found = logins_.find(digest);
  if (found == logins_.end() || found->second.expires_at <= now_ms) return std::nullopt;
  return PersonOf(found->second.user, digest);
}

std::optional<Principal> Directory::FindToken(const std::string& digest) const {
  const auto found = tokens_.find(digest);
  if (found == tokens_.end()) return std::nullopt;
  const TokenRecord& token = found->second;
  if (!token.user.empty()) return PersonOf(token.user, digest);
  return Principal{.name = "token " + token.name + " of " + token.namespace_name,
                   .user = {},
                   .token_namespace = token.namespace_name,
                   .token_role = ParseRole(token.role).value_or(Role::kNobody),
                   .is_known = true,
                   .is_admin = false,
                   .must_change = false,
                   .credential = digest};
}

Role Directory::RoleIn(const Principal& principal, const std::string& in) const {
  if (principal.is_admin) return Role::kAdmin;
  if (!principal.token_namespace.empty()) {
    return principal.token_namespace == in ? principal.token_role : Role::kNobody;
  }
  const auto found = members_.find({in, principal.user});
  return found == members_.end() ? Role::kNobody : found->second;
}

}  // namespace castor::platform
