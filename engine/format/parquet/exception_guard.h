// Where exceptions of Arrow's libraries end: none leaves this module.
#pragma once

#include <exception>
#include <string>

#include "base/status.h"

namespace castor::format::parquet {

// The status of `function`, or of the exception it ended with: the error of the file (an adapter of
// file_adapters.h) if it had one, as our file system told it; otherwise `code`, and `what` went
// wrong.
template <typename File, typename Function>
Status Guarded(const File& file, StatusCode code, const char* what, Function function) {
  try {
    return function();
  } catch (const std::exception& exception) {
    if (!file.error().ok()) return file.error();
    return Status(code, std::string(what) + ": " + exception.what());
  }
}

}  // namespace castor::format::parquet
