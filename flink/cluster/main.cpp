#include "flink/cluster/run_cluster.h"

int main(int argc, char** argv) { return castor::flink::RunCluster(argc, argv); }
