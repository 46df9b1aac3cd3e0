// Deployments as several requests need them. Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "platform/api/contract.h"
#include "platform/metadata/store.h"

namespace castor::platform {

// The one that the call's path names. kNotFound: there is none.
Result<DeploymentRecord> FindDeployment(Session* session, const Call& call);
// The job that the call's path names. kNotFound: there is none.
Result<JobRecord> FindJob(Session* session, const Call& call);
// With its status.
Result<nlohmann::ordered_json> ShowDeployment(Session* session, const DeploymentRecord& deployment);

}  // namespace castor::platform
