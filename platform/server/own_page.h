// Whether a request comes from where it may: from a program, or from a page that this server gave.
//
// A browser on this machine asks for any page it shows. Another site's page could send forms here,
// which its Origin tells, or have its own name point to this machine (DNS rebinding), which Host
// tells. Stateless, thread-safe.
#pragma once

#include <optional>
#include <string>

#include "platform/server/http.h"

namespace castor::platform {

// nullopt: it may. Else why not.
std::optional<std::string> WhyForeign(const HttpRequest& request);

}  // namespace castor::platform
