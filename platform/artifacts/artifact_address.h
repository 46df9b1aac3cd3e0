// Addresses of artifacts: artifact:NAME (one of the namespace), file:///path, http(s)://... .
#pragma once

#include <string>

#include "platform/artifacts/artifact_store.h"

namespace castor::platform {

// The name, if that is an artifact of the namespace; else empty.
std::string ArtifactIn(const std::string& address);

// The file on this machine that the address of a namespace's deployment names, brought here if it
// is elsewhere. Blocks as long as that takes. kInvalidArgument: there is no such thing, or it is of
// a kind that is not served; kIoError: another time it may be reached.
Result<std::string> FetchArtifact(const ArtifactStore& store, const std::string& in,
                                  const std::string& address);

}  // namespace castor::platform
