#include "cli/planner/planner.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command/command.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"

namespace castor::cli {
namespace {

Result<Planner> Find() {
  CASTOR_ASSIGN_OR_RETURN(const Paths paths, FindPaths());
  return Planner::Find(paths, false);
}

int Show(const Planner& planner, const std::string& answer) {
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  if (!json.is_object()) return Fail(Status::Internal("the planner's answer cannot be read"));
  Print(io::Stream::kOutput,
        fmt::format("running: process {}, Flink {}\nsocket: {}\nlog: {}\n", json.value("pid", 0),
                    json.value("flinkVersion", "?"), planner.socket(), planner.log()));
  return kSuccess;
}

constexpr const char* kPing = R"({"op":"ping"})";

}  // namespace

int PlannerStart() {
  Result<Planner> planner = Find();
  if (!planner.ok()) return Fail(planner.status());
  const Result<std::string> answer = planner->Ask(kPing);
  return answer.ok() ? Show(*planner, *answer) : Fail(answer.status());
}

int PlannerStop() {
  Result<Planner> planner = Find();
  if (!planner.ok()) return Fail(planner.status());
  const auto answer = planner->AskIfRunning(R"({"op":"shutdown"})");
  if (!answer.ok()) return Fail(answer.status());
  Print(io::Stream::kOutput, answer->has_value() ? "stopped\n" : "not running\n");
  return kSuccess;
}

int PlannerStatus() {
  Result<Planner> planner = Find();
  if (!planner.ok()) return Fail(planner.status());
  const auto answer = planner->AskIfRunning(kPing);
  if (!answer.ok()) return Fail(answer.status());
  if (answer->has_value()) return Show(*planner, **answer);
  Print(io::Stream::kOutput, "not running; it starts when a script is planned\n");
  return kSuccess;
}

}  // namespace castor::cli
