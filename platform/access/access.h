// Finds out who asks, by what they carry: the secret of a session or a token.
//
// Thread-safe. It has everything in memory, so that a request costs no look into the database; who
// changes users, members, sessions or tokens commits through it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "platform/access/directory.h"
#include "platform/access/passwords.h"

namespace castor::platform {

class Access {
 public:
  struct Opened {
    std::unique_ptr<Access> access;
    std::string first_password;  // of the user admin, if it was made now
  };
  // Makes the user admin if there is no user, and the file `local_token`, readable by its user
  // alone: who has it is an admin on this machine, until the next start. `store` outlives it.
  static Result<Opened> Open(Store* store, const std::string& local_token);

  // nullopt: nobody has that secret, or not any more.
  std::optional<Principal> FindLogin(const std::string& secret) const;
  // `is_near`: asked from this machine.
  std::optional<Principal> FindToken(const std::string& secret, bool is_near);
  // Has a role in the namespace, still.
  bool MaySee(const Principal& principal, const std::string& in) const;
  std::shared_ptr<const Directory> directory() const;

  // What the session has changed is so from now on.
  Status Commit(Session* session);

  Passwords& passwords() { return *passwords_; }

 private:
  explicit Access(Store* store) : store_(store) {}
  void NoteUse(const std::string& digest);
  void Publish(Directory directory);

  Store* const store_;
  std::unique_ptr<Passwords> passwords_;
  std::string local_digest_;

  mutable std::mutex mutex_;  // of what follows
  std::shared_ptr<const Directory> directory_;
  std::map<std::string, int64_t> used_at_;  // what the database knows, by token
};

}  // namespace castor::platform
