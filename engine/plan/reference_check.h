// Checks that whatever a plan refers to by number exists: a bundle that was damaged or edited by
// hand must be refused, not run into memory that is not there.
#pragma once

#include "base/status.h"
#include "plan/node.h"

namespace castor::plan {

// kInvalidArgument naming the node of the first reference that leads nowhere.
Status CheckReferences(const Graph& graph);

}  // namespace castor::plan
