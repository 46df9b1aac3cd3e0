// A file system whose code is in a plugin that is loaded when a path names it.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/configuration.h"
#include "io/file_system.h"

namespace castor::worker {

// Thread-safe, except that Close is the last call.
class PluginFileSystem {
 public:
  // The library is lib/castor/file-system-<name>.so.
  explicit PluginFileSystem(std::string name) : name_(std::move(name)) {}

  // Before the first Open.
  void Configure(const Configuration& configuration);
  // The same at every call, until Close.
  Result<io::FileSystem*> Open();
  // What was opened, and the library's own threads; no more can be opened.
  void Close();

 private:
  std::string library() const { return "file-system-" + name_ + ".so"; }

  const std::string name_;
  std::mutex mutex_;
  Configuration configuration_;
  std::unique_ptr<io::FileSystem> opened_;
};

}  // namespace castor::worker
