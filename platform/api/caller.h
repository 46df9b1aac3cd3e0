// Who asks, and from where. Owned by the request's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/access/directory.h"
#include "platform/metadata/store.h"
#include "platform/server/http.h"

namespace castor::platform {

struct Caller {
  Principal principal;
  std::string address;
  std::string session;               // the secret of the cookie, if that says who it is
  std::string cookie;                // the name that a session's cookie has
  bool is_secure = false;            // nobody can read it on its way
  std::shared_ptr<ChangeNote> note;  // null: the request changes nothing
};

// What a request carries to say who asks. Empty: nothing.
struct Credentials {
  std::string token;
  std::string session;
  std::string csrf;
};
Credentials ReadCredentials(const HttpRequest& request);
// The name of the cookie: another one for each port, as browsers keep those of all ports of a
// machine together.
std::string CookieName(const HttpRequest& request);
// Asked by a program of this machine, by a name of this machine, and not on behalf of another one.
bool IsNear(const HttpRequest& request);
// The connection is encrypted, to this server or to a proxy before it.
bool IsSecure(const HttpRequest& request);
// The value of the header Set-Cookie. An empty `session` ends it.
std::string SessionCookie(const Caller& caller, const std::string& session, int64_t seconds);

}  // namespace castor::platform
