// Reads the command line and runs the command it names.
#pragma once

namespace castor::cli {

int Main(int argc, char** argv);

}  // namespace castor::cli
