// The options that reading and writing a `filesystem` table share: where it is and in which format.
#pragma once

#include <string>

#include "base/status.h"
#include "io/file_system.h"
#include "plan/table.h"

namespace castor::connector::filesystem {

struct TableLocation {
  io::FileSystem* file_system = nullptr;  // not owned
  std::string path;                       // in it
  std::string format;
  std::string default_partition;

  // Errors name the option.
  static Result<TableLocation> Parse(const plan::Table& table,
                                     const io::FileSystemRegistry& file_systems);
};

}  // namespace castor::connector::filesystem
