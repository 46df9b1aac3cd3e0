// The commands: what each was asked, and how each is run. Every function gives the exit code.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace castor::cli {

// Where the SQL, or the bundle, comes from.
struct Input {
  std::string file;  // "-": standard input
  std::string sql;   // instead of a file
  std::string name;  // of the job; empty: after the file
  std::map<std::string, std::string> settings;
};

struct RunCommand {
  Input input;
  int parallelism = 0;  // 0: as the script says
  std::string from;
  std::string claim_mode;
  bool allow_non_restored_state = false;
  std::string checkpoint_dir;
  std::string checkpoint_interval;
  std::string memory;
  int metrics_port = -1;
  std::string output;
  bool quiet = false;
};

struct CompileCommand {
  Input input;
  std::string output;  // "-": standard output; empty: the script's name with .json
  bool quiet = false;
};

struct ExplainCommand {
  Input input;
  bool flink = false;
};

struct JobsCommand {
  std::string job;  // id, beginning of an id, or name; empty: the only one
  std::string to;   // folder of the savepoint
  std::string type = "canonical";
  bool drain = false;
  bool json = false;
};

struct PlatformCommand {
  std::string name;                    // of castor-platform's command
  std::vector<std::string> arguments;  // as they were given: castor-platform reads them
};

int Run(const RunCommand& command);
int Compile(const CompileCommand& command);
int Explain(const ExplainCommand& command);
int List(const JobsCommand& command);
int ShowStatus(const JobsCommand& command);
int Savepoint(const JobsCommand& command);
int Stop(const JobsCommand& command);
int Cancel(const JobsCommand& command);
// Becomes castor-platform: the server, or a command that asks one.
int Platform(const PlatformCommand& command);
int PlannerStart();
int PlannerStop();
int PlannerStatus();

}  // namespace castor::cli
