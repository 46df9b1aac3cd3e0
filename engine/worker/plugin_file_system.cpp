#include "worker/plugin_file_system.h"

#include <utility>

#include "worker/load_plugin.h"

namespace castor::worker {
namespace {

using Opened = Result<std::unique_ptr<io::FileSystem>>;
using OpenFunction = void (*)(const Configuration&, Opened*);

}  // namespace

void PluginFileSystem::Configure(const Configuration& configuration) {
  const std::lock_guard lock(mutex_);
  configuration_ = configuration;
}

Result<io::FileSystem*> PluginFileSystem::Open() {
  const std::lock_guard lock(mutex_);
  if (opened_ != nullptr) return opened_.get();
  CASTOR_ASSIGN_OR_RETURN(void* entry, LoadPlugin(library(), "castor_open_file_system"));
  Opened opened = std::unique_ptr<io::FileSystem>();
  reinterpret_cast<OpenFunction>(entry)(configuration_, &opened);
  CASTOR_ASSIGN_OR_RETURN(opened_, std::move(opened));
  return opened_.get();
}

void PluginFileSystem::Close() {
  const std::lock_guard lock(mutex_);
  if (opened_ == nullptr) return;
  opened_.reset();
  const Result<void*> entry = LoadPlugin(library(), "castor_stop_file_system");
  if (entry.ok()) reinterpret_cast<void (*)()>(*entry)();
}

}  // namespace castor::worker
