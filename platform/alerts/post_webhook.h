// One POST to somebody's server. Stateless.
#pragma once

#include <string>
#include <utility>

#include "base/status.h"

namespace castor::platform {

struct WebUrl {
  std::string origin;  // "https://example.com:8443"
  std::string path;    // "/hooks/1?a=b"
};

// kInvalidArgument: it is neither http:// nor https:// with a host.
Result<WebUrl> SplitUrl(const std::string& url);

// `header` (name and value; empty: none) goes with it. Takes seconds at most; redirections are not
// followed, so that the secret reaches nobody else. kIoError: nobody has taken it, with a status
// code of 200 to 299.
Status PostWebhook(const std::string& url, const std::pair<std::string, std::string>& header,
                   const std::string& body);

}  // namespace castor::platform
