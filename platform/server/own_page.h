// Whether a request comes from where it may: from a program, or from a page that this server gave.
//
// A browser asks for any page it shows. Another site's page could send forms here, which its Origin
// tells, or have its own name point to this machine (DNS rebinding), which Host tells: a server
// that only this machine reaches knows its names, another one gives nothing without a login.
// Stateless, thread-safe.
#pragma once

#include <optional>
#include <string>

#include "platform/server/http.h"

namespace castor::platform {

struct OwnAddress {
  bool is_local = true;       // only this machine reaches it
  bool is_encrypted = false;  // by TLS; else a proxy before it may be
};

// nullopt: it may. Else why not.
std::optional<std::string> WhyForeign(const HttpRequest& request, const OwnAddress& own);
// Asked for by a name of this machine itself.
bool IsByOwnName(const HttpRequest& request);

}  // namespace castor::platform
