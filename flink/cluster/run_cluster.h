// The program castor-flink-cluster.
#pragma once

namespace castor::flink {

// Until the job has ended; the exit code (spec/worker-control.md).
int RunCluster(int argc, char** argv);

}  // namespace castor::flink
