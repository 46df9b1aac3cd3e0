#include "worker/run_worker.h"

int main(int argc, char** argv) { return castor::worker::RunWorker(argc, argv); }
