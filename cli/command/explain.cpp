#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/command/command.h"
#include "cli/command/job_source.h"
#include "cli/process/child.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

int ShowFlinkTexts(const JobSource& source) {
  using Json = nlohmann::json;
  const Json bundle = Json::parse(source.bundle, nullptr, false);
  if (!bundle.is_object() || !bundle.contains("explain")) {
    return Fail(Status::InvalidArgument(source.file +
                                        " does not carry Flink's texts; give the script instead"));
  }
  const Style style = Style::Of(io::Stream::kOutput);
  std::string text;
  for (const auto& [field, title] :
       {std::pair("ast", "Abstract syntax tree"), std::pair("optimized", "Optimised physical plan"),
        std::pair("execution", "Optimised execution plan")}) {
    text += style.Bold(title) + "\n\n" + bundle["explain"].value(field, "") + "\n";
  }
  Print(io::Stream::kOutput, text);
  return kSuccess;
}

// Removes the file at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace

int Explain(const ExplainCommand& command) {
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  JobSource source;
  if (const int code = ReadJobSource(*paths, command.input, {.explain = command.flink}, &source);
      code != kSuccess) {
    return code;
  }
  if (command.flink) return ShowFlinkTexts(source);
  const TemporaryFile copy(paths->runtime + "/explain-" + std::to_string(::getpid()));
  if (source.bundle_path.empty()) {
    const Status written =
        io::WriteFileAtomically(io::LocalFileSystem(), copy.path(), source.bundle);
    if (!written.ok()) return Fail(written);
    source.bundle_path = copy.path();
  }
  Result<Child> worker =
      Child::Start({.command = {paths->worker, "--explain", "--bundle", source.bundle_path},
                    .signal_on_parent_death = SIGTERM});
  if (!worker.ok()) return Fail(worker.status());
  return worker->Wait();
}

}  // namespace castor::cli
