// A format whose code is in a plugin that is loaded when a table has the format.
#pragma once

#include <string>

#include "format/api/format.h"

namespace castor::worker {

// `name` is that of the format; the library is lib/castor/format-<name>.so beside the program's
// folder, and stays loaded. Thread-safe; errors name the file.
format::FormatFactory PluginFormat(const std::string& name);

}  // namespace castor::worker
