#include "platform/access/access.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "platform/access/secret.h"

namespace castor::platform {
namespace {

constexpr int64_t kUseStepMs = 60'000;  // how exactly the last use of a token is known

// Written whole, and for its user only.
Status WriteForOwner(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  ::unlink(draft.c_str());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (written && ::rename(draft.c_str(), path.c_str()) == 0) return Status::OK();
  return Status::IoError("cannot write " + path + ": " + std::generic_category().message(reason));
}

Result<UserRecord> FirstAdmin(Passwords* passwords, const std::string& password) {
  UserRecord admin;
  admin.name = "admin";
  CASTOR_ASSIGN_OR_RETURN(admin.password, passwords->Hash(password));
  admin.is_admin = admin.must_change = 1;
  admin.created_at = admin.modified_at = NowMs();
  return admin;
}

}  // namespace

Result<Access::Opened> Access::Open(Store* store, const std::string& local_token) {
  CASTOR_RETURN_NOT_OK(PrepareSecrets());
  Opened opened = {.access = std::unique_ptr<Access>(new Access(store)), .first_password = {}};
  Access& access = *opened.access;
  CASTOR_ASSIGN_OR_RETURN(access.passwords_, Passwords::Make());
  bool has_users = false;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store->Begin());
    CASTOR_RETURN_NOT_OK(session.ForgetLogins(NowMs()));
    CASTOR_RETURN_NOT_OK(access.Commit(&session));
    has_users = access.directory()->has_users();
  }
  if (!has_users) {
    opened.first_password = NewPassword();
    CASTOR_ASSIGN_OR_RETURN(const UserRecord admin,
                            FirstAdmin(access.passwords_.get(), opened.first_password));
    CASTOR_ASSIGN_OR_RETURN(Session session, store->Begin());
    CASTOR_RETURN_NOT_OK(session.Save(admin));
    CASTOR_RETURN_NOT_OK(access.Commit(&session));
  }
  const std::string secret = NewSecret("castor_local_");
  access.local_digest_ = DigestOf(secret);
  CASTOR_RETURN_NOT_OK(WriteForOwner(local_token, secret + "\n"));
  return opened;
}

std::optional<Principal> Access::FindLogin(const std::string& secret) const {
  return directory()->FindLogin(DigestOf(secret), NowMs());
}

std::optional<Principal> Access::FindToken(const std::string& secret, bool is_near) {
  const std::string digest = DigestOf(secret);
  if (is_near && IsSame(digest, local_digest_)) {
    Principal local;
    local.name = "local";
    local.is_known = local.is_admin = true;
    local.credential = digest;
    return local;
  }
  auto found = directory()->FindToken(digest);
  if (found) NoteUse(digest);
  return found;
}

bool Access::MaySee(const Principal& principal, const std::string& in) const {
  if (principal.credential == local_digest_) return true;
  const auto now = directory();
  auto found = now->FindToken(principal.credential);
  if (!found) found = now->FindLogin(principal.credential, NowMs());
  return found && now->RoleIn(*found, in) != Role::kNobody;
}

std::shared_ptr<const Directory> Access::directory() const {
  const std::lock_guard lock(mutex_);
  return directory_;
}

// The session keeps others out until it goes: what is loaded last is published last.
Status Access::Commit(Session* session) {
  CASTOR_RETURN_NOT_OK(session->Commit());
  CASTOR_ASSIGN_OR_RETURN(Directory directory, Directory::Load(session));
  Publish(std::move(directory));
  return Status::OK();
}

void Access::Publish(Directory directory) {
  auto made = std::make_shared<const Directory>(std::move(directory));
  const std::lock_guard lock(mutex_);
  directory_ = std::move(made);
}

void Access::NoteUse(const std::string& digest) {
  const int64_t now = NowMs();
  {
    const std::lock_guard lock(mutex_);
    int64_t& known = used_at_[digest];
    if (now - known < kUseStepMs) return;
    known = now;
  }
  // That it is not known is no reason to refuse the request.
  auto session = store_->Begin();
  if (session.ok() && session->NoteTokenUse(digest, now).ok()) (void)session->Commit().ok();
}

}  // namespace castor::platform
