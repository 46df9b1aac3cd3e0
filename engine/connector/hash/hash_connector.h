// The connector `hash`: a sink that sums the hashes of what it is given (spec/row-hash.md).
//
// Each writer keeps a few numbers; they are its snapshot, and merge by adding. Nothing is
// committed: the part file (or line) appears when the input has ended well.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::hash {

// Refuses columns whose type has no hash.
ConnectorFactory HashConnector();

}  // namespace castor::connector::hash
