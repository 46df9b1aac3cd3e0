// The whole of castor-worker: from its command line to its exit code.
#pragma once

namespace castor::worker {

int RunWorker(int argc, char** argv);

}  // namespace castor::worker
