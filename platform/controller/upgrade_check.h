// What becomes of a job's state in another plan, out of files (state_fit.h says how). Stateless.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/controller/state_fit.h"

namespace castor::platform {

// What there is to go on with.
struct HeldBy {
  std::string snapshot;  // empty: there is none
  std::vector<HeldState> state;
};

// What the snapshot holds that `find` names; while there is none, whatever the running plan (a
// bundle's file; empty: none) may hold. A job deletes its older checkpoints, so that one may go
// before it has been read: then `find` is asked again.
Result<HeldBy> ReadHeldState(const std::function<std::string()>& find,
                             const std::string& running_bundle);
// LossesOf the plan in the file `new_bundle`.
Result<std::string> FindStateLosses(const std::vector<HeldState>& held,
                                    const std::string& new_bundle);

}  // namespace castor::platform
