#include "cli/command/dispatch.h"

int main(int argc, char** argv) { return castor::cli::Main(argc, argv); }
