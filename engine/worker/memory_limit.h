// How much memory the process and its state may take, as the options say.
#pragma once

#include "base/configuration.h"
#include "base/status.h"

namespace castor::worker {

// Of the process's accounts; once, before the job is made. kInvalidArgument names the option.
Status LimitMemory(const Configuration& configuration);

}  // namespace castor::worker
