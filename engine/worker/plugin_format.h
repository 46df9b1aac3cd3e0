// A format whose code is in a shared library that is loaded when a table has the format, since what
// it needs costs time and memory at start. See castor_plugin() in cmake/castor_module.cmake.
#pragma once

#include <string>

#include "format/api/format.h"

namespace castor::worker {

// `name` is that of the format; the library is lib/castor/format-<name>.so beside the program's
// folder, and stays loaded. Thread-safe; errors name the file.
format::FormatFactory PluginFormat(const std::string& name);

}  // namespace castor::worker
