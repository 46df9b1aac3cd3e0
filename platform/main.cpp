#include <CLI/CLI.hpp>

#include "cli/terminal/exit_code.h"
#include "platform/server/run_platform.h"

// Started by `castor platform`, which has the help for people.
int main(int argc, char** argv) {
  castor::platform::PlatformOptions options;
  CLI::App app("The server of Castor Platform.", "castor-platform");
  app.add_option("--data-dir", options.data_dir)->required();
  app.add_option("--port", options.port)->check(CLI::Range(0, 65535));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? castor::cli::kSuccess : castor::cli::kUsage;
  }
  return castor::platform::RunPlatform(options);
}
