// Who there is and what they may, as the database had it at one instant. Immutable, and so
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/access/role.h"
#include "platform/metadata/store.h"

namespace castor::platform {

// Who asks.
struct Principal {
  std::string name;             // for people to read: a user's, "token ci of default", "local"
  std::string user;             // empty: no person
  std::string token_namespace;  // of a token of a namespace
  Role token_role = Role::kNobody;
  bool is_known = false;
  bool is_admin = false;
  bool must_change = false;  // the password, before anything else
  std::string credential;    // a digest; empty: none
};

class Directory {
 public:
  static Result<Directory> Load(Session* session);

  bool has_users() const { return !users_.empty(); }
  // nullopt: there is none, or not any more.
  std::optional<Principal> FindLogin(const std::string& digest, int64_t now_ms) const;
  std::optional<Principal> FindToken(const std::string& digest) const;
  // kNobody: none in that namespace.
  Role RoleIn(const Principal& principal, const std::string& in) const;

 private:
  Principal PersonOf(const std::string& user, const std::string& digest) const;

  std::map<std::string, UserRecord> users_;
  std::map<std::pair<std::string, std::string>, Role> members_;  // by namespace and user
  std::unordered_map<std::string, LoginRecord> logins_;          // by digest
  std::unordered_map<std::string, TokenRecord> tokens_;
};

}  // namespace castor::platform
