// Where a version's plan is, and which versions of a deployment have worked: state of one of their
// jobs was saved, or one has come to its end. Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/metadata/store.h"

namespace castor::platform {

// The file's name among the plans.
std::string BundleName(const std::string& deployment, int64_t version);

// By a job behind `after`, a job's sequence.
Result<bool> HasWorked(Session* session, const std::string& deployment, int64_t version,
                       int64_t after = 0);
// The newest valid one before `version` that has worked.
Result<std::optional<VersionRecord>> FindWorkingBefore(Session* session,
                                                       const std::string& deployment,
                                                       int64_t version);

}  // namespace castor::platform
