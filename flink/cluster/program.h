// What a Flink cluster is to run, as the platform wrote it down (spec/flink-program.md). Stateless.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::flink {

using Settings = std::map<std::string, std::string>;

struct Program {
  enum class Kind { kJar, kSql };

  Kind kind = Kind::kJar;
  std::vector<std::string> jars;  // absolute paths; the first has the program, if it is a jar's
  std::string entry_class;        // empty: as the jar's manifest says
  std::vector<std::string> arguments;
  std::string script;
  Settings settings;  // Flink's options
  // As Flink is distributed.
  std::string job_manager_memory = "1600m";
  std::string task_manager_memory = "1728m";
};

// kInvalidArgument: it is none.
Result<Program> ReadProgram(std::string_view json);

}  // namespace castor::flink
