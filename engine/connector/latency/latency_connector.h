// The connector `latency`: a sink that counts how late rows come (spec/latency.md).
//
// Each writer keeps one histogram, which is also its snapshot; they merge by adding. Nothing is
// committed: the part file appears when the input has ended well.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::latency {

// Refuses a `column` that is not there or not a TIMESTAMP(3).
ConnectorFactory LatencyConnector();

}  // namespace castor::connector::latency
