// Which savepoints somebody still needs. Stateless.
#pragma once

#include "platform/metadata/store.h"

namespace castor::platform {

// A job that lives goes on from it if it dies now, a version is to begin with it, or it is what the
// deployment goes on from.
Result<bool> IsNeeded(Session* session, const SavepointRecord& savepoint);

}  // namespace castor::platform
