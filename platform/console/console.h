// Serves the web console: the page below every address that a person can see in the browser ("/"
// and
// "/ns/..."), and its files below "/assets/", whose names change with what is in them, so that a
// browser may keep them for ever. Files are sent compressed with gzip, which every browser reads.
//
// The page allows no script but the console's own, and no style but its own and those with the
// nonce, which is another one in each answer.
#pragma once

#include <optional>

#include "platform/server/http.h"

namespace castor::platform {

// Nothing if the address is none of the console's. Thread-safe.
std::optional<HttpResponse> AnswerFromConsole(const HttpRequest& request);

}  // namespace castor::platform
