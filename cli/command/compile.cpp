#include <filesystem>

#include "cli/command/command.h"
#include "cli/command/indent_json.h"
#include "cli/command/job_source.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

std::string OutputOf(const CompileCommand& command) {
  if (!command.output.empty()) return command.output;
  if (command.input.file.empty() || command.input.file == "-") return "-";
  return std::filesystem::path(command.input.file).stem().string() + ".json";
}

}  // namespace

int Compile(const CompileCommand& command) {
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  JobSource source;
  if (const int code = ReadJobSource(*paths, command.input, {.quiet = command.quiet}, &source);
      code != kSuccess) {
    return code;
  }
  if (source.script.empty()) {
    return Fail(Status::InvalidArgument(source.file + " is compiled already"));
  }
  const std::string output = OutputOf(command);
  // For people, and for version control.
  const std::string bundle = IndentJson(source.bundle);
  if (output == "-") {
    const Status written = io::WriteToConsole(io::Stream::kOutput, bundle);
    return written.ok() ? kSuccess : Fail(written);
  }
  const Status written = io::WriteFileAtomically(io::LocalFileSystem(), output, bundle);
  if (!written.ok()) return Fail(written);
  if (!command.quiet) Print(io::Stream::kError, "wrote " + output + "\n");
  return kSuccess;
}

}  // namespace castor::cli
