// Whether what --set says has an effect on a compiled job. Stateless.
//
// Nobody should believe in a setting that has none: options that shape the plan come too late for a
// job bundle, and of Flink's groups of options that are read when a job starts only those that
// there are may be set. Options of the engine itself are checked by the worker.
#pragma once

#include <map>
#include <string>

#include "base/status.h"

namespace castor::cli {

using Settings = std::map<std::string, std::string>;

// `configuration` is that of a bundle, read from `file`. kInvalidArgument names the option and what
// to do.
Status CheckBundleSettings(const Settings& configuration, const Settings& settings,
                           const std::string& file);
// `configuration` is that of a script that has just been compiled with the settings.
Status CheckScriptSettings(const Settings& configuration, const Settings& settings);

}  // namespace castor::cli
