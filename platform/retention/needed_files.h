// Which files of jobs somebody still needs. Stateless; reads the database.
#pragma once

#include <string>

#include "platform/metadata/store.h"

namespace castor::platform {

// A job that lives began with a snapshot in the folder, or the next job of a deployment may, a
// version is to, or a savepoint is there.
Result<bool> HasNeededSnapshot(Session* session, const std::string& folder);

// Its record tells something that is asked for: it is its deployment's newest, or lives; it began
// the newest version; or it is the last by which that one, or the one to go back to, has worked.
Result<bool> IsNeededJob(Session* session, const JobRecord& job);

}  // namespace castor::platform
