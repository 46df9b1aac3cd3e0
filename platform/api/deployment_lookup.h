// Deployments as several requests need them. Stateless.
#pragma once

#include <string>

#include "platform/api/contract.h"
#include "platform/metadata/store.h"

namespace castor::platform {

// The one that the call's path names. kNotFound: there is none.
Result<DeploymentRecord> FindDeployment(Session* session, const Call& call);
// The job that the call's path names. kNotFound: there is none.
Result<JobRecord> FindJob(Session* session, const Call& call);
// With its status, as JSON. kNotFound: there is none.
Result<std::string> ShowDeployment(Session* session, const std::string& id);

}  // namespace castor::platform
