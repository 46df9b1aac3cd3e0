// From a script to a job bundle: out of the cache, or by the planner.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "base/status.h"
#include "cli/process/paths.h"
#include "cli/terminal/sql_error.h"

namespace castor::cli {

struct Script {
  std::string file;  // as shown in errors
  std::string text;
  std::string name;  // of the job
};

struct CompileOptions {
  std::map<std::string, std::string> settings;  // as if SET before the script
  bool explain = false;                         // with the texts of Flink's EXPLAIN
  bool quiet = false;
};

struct Compiled {
  std::string bundle;       // JSON
  std::string cached_path;  // of the file with it; empty when it may not be kept
};

// The status is trouble with the planner; an error in the script is a result.
Result<std::variant<Compiled, SqlError>> CompileScript(const Paths& paths, const Script& script,
                                                       const CompileOptions& options);

}  // namespace castor::cli
