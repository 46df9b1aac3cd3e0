// Parts of the worker in shared libraries, which are loaded when they are needed, since what they
// need costs time and memory at start. See castor_plugin() in cmake/castor_module.cmake.
#pragma once

#include <string>

#include "base/status.h"

namespace castor::worker {

// The function `entry` of lib/castor/<file> beside the program's folder; the library stays loaded.
// Errors name the file. Thread-safe.
Result<void*> LoadPlugin(const std::string& file, const char* entry);

}  // namespace castor::worker
