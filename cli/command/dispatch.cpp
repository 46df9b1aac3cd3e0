#include "cli/command/dispatch.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/configuration.h"
#include "cli/command/command.h"
#include "cli/command/help.h"
#include "cli/command/near_name.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"

namespace castor::cli {
namespace {

int WrongUse(const std::string& command, const std::string& message) {
  const Style style = Style::Of(io::Stream::kError);
  const std::string castor = command.empty() ? "castor" : "castor " + command;
  Print(io::Stream::kError, style.Bold(castor + ": ") + style.Red("error: ") + message + "\nSee `" +
                                castor + " --help`.\n");
  return kUsage;
}

int ShowHelp(const std::string& command) {
  const std::string text = HelpText(command, Style::Of(io::Stream::kOutput));
  if (text.empty()) return WrongUse("", "there is no command '" + command + "'");
  Print(io::Stream::kOutput, text);
  return kSuccess;
}

int ShowVersion() {
  Print(io::Stream::kOutput, "castor " CASTOR_VERSION "\n");
  return kSuccess;
}

int UnknownCommand(const std::string& given) {
  std::string message = "there is no command '" + given + "'";
  constexpr size_t kNear = 2;
  if (const auto meant = NearestName(given, CommandNames(), kNear)) {
    return WrongUse("", message + "; did you mean '" + *meant + "'?");
  }
  if (given.ends_with(".sql") || given.ends_with(".json")) {
    message += "; to run a file: castor run " + given;
  }
  return WrongUse("", message);
}

// Checks of values, in CLI11's form: an empty text is agreement.
std::string CheckSetting(const std::string& setting) {
  const size_t equals = setting.find('=');
  if (equals != std::string::npos && equals > 0) return "";
  return "'" + setting + "' is not of the form key=value";
}

std::string CheckDuration(const std::string& text) {
  const auto parsed = ParseDurationMs(text);
  return parsed.ok() ? "" : parsed.status().message();
}

std::string CheckSize(const std::string& text) {
  const auto parsed = ParseMemorySize(text);
  return parsed.ok() ? "" : parsed.status().message();
}

// The commands with their options. What was given ends up in the structures of command.h, and
// `chosen` runs it.
class CommandLine {
 public:
  CommandLine();
  int Parse(int argc, char** argv);

 private:
  CLI::App* Add(const std::string& name, std::function<int()> run);
  void AddInput(CLI::App* app, Input* input);
  void AddJob(CLI::App* app);
  void AddRun();
  void AddCompileAndExplain();
  void AddJobs();
  void AddOthers();
  Status CheckInput(const CLI::App& app) const;

  CLI::App app_;
  std::function<int()> chosen_;
  std::vector<std::string> settings_;
  RunCommand run_;
  CompileCommand compile_;
  ExplainCommand explain_;
  JobsCommand jobs_;
  std::vector<std::string> handed_on_;
  std::string topic_;
  std::string shell_;
};

CommandLine::CommandLine() {
  app_.set_help_flag();
  app_.require_subcommand(1);
  AddRun();
  AddCompileAndExplain();
  AddJobs();
  AddOthers();
}

CLI::App* CommandLine::Add(const std::string& name, std::function<int()> run) {
  CLI::App* command = app_.add_subcommand(name);
  command->set_help_flag();
  command->callback([this, run = std::move(run)] { chosen_ = run; });
  return command;
}

void CommandLine::AddInput(CLI::App* app, Input* input) {
  CLI::Option* file = app->add_option("file", input->file);
  app->add_option("-e,--execute", input->sql)->excludes(file);
  app->add_option("--set", settings_)->allow_extra_args(false)->check(CheckSetting);
}

void CommandLine::AddJob(CLI::App* app) { app->add_option("job", jobs_.job); }

void CommandLine::AddRun() {
  CLI::App* run = Add("run", [this] { return Run(run_); });
  AddInput(run, &run_.input);
  run->add_option("-p,--parallelism", run_.parallelism)->check(CLI::Range(1, 32768));
  run->add_option("--output", run_.output)
      ->check(CLI::IsMember({"table", "changelog", "json", "csv"}));
  run->add_option("--name", run_.input.name);
  run->add_flag("-q,--quiet", run_.quiet);
  run->add_option("--checkpoint-dir", run_.checkpoint_dir);
  run->add_option("--checkpoint-interval", run_.checkpoint_interval)->check(CheckDuration);
  run->add_option("--from", run_.from);
  run->add_option("--claim-mode", run_.claim_mode)
      ->transform(CLI::IsMember({"NO_CLAIM", "CLAIM", "LEGACY"}, CLI::ignore_case));
  run->add_flag("--allow-non-restored-state", run_.allow_non_restored_state);
  run->add_option("--memory", run_.memory)->check(CheckSize);
  run->add_option("--metrics-port", run_.metrics_port)->check(CLI::Range(0, 65535));
}

void CommandLine::AddCompileAndExplain() {
  CLI::App* compile = Add("compile", [this] { return Compile(compile_); });
  AddInput(compile, &compile_.input);
  compile->add_option("-o,--output", compile_.output);
  compile->add_option("--name", compile_.input.name);
  compile->add_flag("-q,--quiet", compile_.quiet);

  CLI::App* explain = Add("explain", [this] { return Explain(explain_); });
  AddInput(explain, &explain_.input);
  explain->add_flag("--flink", explain_.flink);
}

void CommandLine::AddJobs() {
  Add("list", [this] { return List(jobs_); })->add_flag("--json", jobs_.json);
  AddJob(Add("status", [this] { return ShowStatus(jobs_); }));
  AddJob(Add("cancel", [this] { return Cancel(jobs_); }));
  CLI::App* savepoint = Add("savepoint", [this] { return Savepoint(jobs_); });
  AddJob(savepoint);
  savepoint->add_option("--to", jobs_.to);
  savepoint->add_option("--type", jobs_.type);
  CLI::App* stop = Add("stop", [this] { return Stop(jobs_); });
  AddJob(stop);
  stop->add_option("--to", jobs_.to);
  stop->add_option("--type", jobs_.type);
  stop->add_flag("--drain", jobs_.drain);
}

void CommandLine::AddOthers() {
  CLI::App* planner = app_.add_subcommand("planner");
  planner->set_help_flag();
  planner->require_subcommand(1);
  for (const auto& [name, run] :
       {std::pair("start", &PlannerStart), std::pair("stop", &PlannerStop),
        std::pair("status", &PlannerStatus)}) {
    planner->add_subcommand(name)->callback([this, run = run] { chosen_ = run; });
  }
  for (const auto& [name, command] :
       {std::pair("platform", "serve"), std::pair("apply", "apply"), std::pair("get", "get"),
        std::pair("diff", "diff"), std::pair("logs", "logs"), std::pair("events", "events"),
        std::pair("rollback", "rollback")}) {
    Add(name, [this, command = command] { return Platform({command, handed_on_}); });
    app_.get_subcommand(name)->prefix_command();
  }
  Add("completion",
      [this] {
        Print(io::Stream::kOutput, CompletionScript(shell_));
        return kSuccess;
      })
      ->add_option("shell", shell_)
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  Add("help", [this] { return ShowHelp(topic_); })->add_option("command", topic_);
  Add("version", ShowVersion);
}

Status CommandLine::CheckInput(const CLI::App& app) const {
  const std::map<std::string, const Input*> inputs = {
      {"run", &run_.input}, {"compile", &compile_.input}, {"explain", &explain_.input}};
  const auto found = inputs.find(app.get_name());
  if (found == inputs.end() || !found->second->file.empty() || !found->second->sql.empty()) {
    return Status::OK();
  }
  return Status::InvalidArgument("give a file, or SQL with -e");
}

int CommandLine::Parse(int argc, char** argv) {
  std::string command;
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    for (const CLI::App* parsed : app_.get_subcommands()) command = parsed->get_name();
    return WrongUse(command, error.what());
  }
  const CLI::App& parsed = *app_.get_subcommands().front();
  if (const Status input = CheckInput(parsed); !input.ok()) {
    return WrongUse(parsed.get_name(), input.message());
  }
  std::map<std::string, std::string> settings;
  for (const std::string& setting : settings_) {
    const size_t equals = setting.find('=');
    settings[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  handed_on_ = parsed.remaining();
  run_.input.settings = compile_.input.settings = explain_.input.settings = settings;
  return chosen_();
}

bool IsHelpFlag(const std::string& argument) { return argument == "-h" || argument == "--help"; }

}  // namespace

int Main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) {
    Print(io::Stream::kError, HelpText("", Style::Of(io::Stream::kError)));
    return kUsage;
  }
  if (IsHelpFlag(arguments[0])) return ShowHelp("");
  if (arguments[0] == "--version") return ShowVersion();
  const std::vector<std::string> names = CommandNames();
  if (std::find(names.begin(), names.end(), arguments[0]) == names.end()) {
    return UnknownCommand(arguments[0]);
  }
  if (std::any_of(arguments.begin() + 1, arguments.end(), IsHelpFlag)) {
    return ShowHelp(arguments[0] == "help" ? "" : arguments[0]);
  }
  return CommandLine().Parse(argc, argv);
}

}  // namespace castor::cli
