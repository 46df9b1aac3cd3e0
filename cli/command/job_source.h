// The input of run, compile and explain: a script that becomes a bundle, or a bundle as it is.
#pragma once

#include <string>

#include "base/status.h"
#include "cli/command/command.h"
#include "cli/process/paths.h"

namespace castor::cli {

struct JobSource {
  std::string file;         // as the user called it
  std::string script;       // empty if the input is a bundle
  std::string name;         // of the job
  std::string bundle;       // JSON
  std::string bundle_path;  // of a file with it; empty if there is none yet
};

struct PlanningOptions {
  bool explain = false;
  bool quiet = false;
};

// 0, or the exit code of an error that has been shown.
int ReadJobSource(const Paths& paths, const Input& input, const PlanningOptions& options,
                  JobSource* source);

}  // namespace castor::cli
