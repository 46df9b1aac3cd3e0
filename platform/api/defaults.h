// What deployments are created with if they do not say otherwise. Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platform/metadata/store.h"

namespace castor::platform {

// The namespace's, or what stands for those that were never set.
Result<DeploymentDefaultsRecord> FindDefaults(Session* session, const std::string& in);
// `document` is laid over them.
Status LayOverDefaults(Session* session, const std::string& in, nlohmann::json* document);

}  // namespace castor::platform
