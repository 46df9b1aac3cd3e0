// A copy of all that a platform knows, taken while it runs, and a new data directory made of one.
// Stateless.
//
// A backup has the database, metrics, the key of secret values, plans, and the savepoints that are
// complete; checkpoints, reports and logs of jobs it has not. Whoever has it can read the secrets.
#pragma once

#include <string>

#include "base/status.h"

namespace castor::platform {

// Into the folder `to`, which is made. It is whole once it has backup.json. kInvalidArgument:
// `data` is no data directory, or `to` has something in it.
Status TakeBackup(const std::string& data, const std::string& to);

// Makes the data directory `data`, which is not there or is empty. Jobs that ran have ended in it:
// its server starts others, from each deployment's newest savepoint. kInvalidArgument as above.
Status RestoreBackup(const std::string& from, const std::string& data);

}  // namespace castor::platform
