// The connector `nexmark`: Nexmark's deterministic event stream (spec/nexmark.md).
//
// The stream is cut into splits of whole epochs, enough of them to be dealt out evenly again when a
// snapshot is restored at another parallelism. A reader merges its splits epoch by epoch, so that
// what it emits ascends in event time whichever splits it was given; a batch therefore holds rows
// of several splits and names none.
#pragma once

#include "connector/api/registry.h"

namespace castor::connector::nexmark {

// Refuses tables whose columns are not those of the Nexmark table.
ConnectorFactory NexmarkConnector();

}  // namespace castor::connector::nexmark
