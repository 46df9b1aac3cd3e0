#include "worker/load_plugin.h"

#include <dlfcn.h>
#include <unistd.h>

#include "io/file_system.h"

namespace castor::worker {
namespace {

// In an install or build folder, and in a folder of one with another worker.
Result<std::string> FindLibrary(const std::string& file) {
  char program[4096];
  const ssize_t size = ::readlink("/proc/self/exe", program, sizeof(program));
  if (size <= 0) return Status::Internal("cannot find this program's own path");
  std::string folder = io::ParentDirectory(std::string_view(program, static_cast<size_t>(size)));
  constexpr int kLevels = 2;
  for (int i = 0; i < kLevels; ++i) {
    folder = io::ParentDirectory(folder);
    std::string path = folder + "/lib/castor/" + file;
    if (::access(path.c_str(), R_OK) == 0) return path;
  }
  return Status::NotFound("'lib/castor/" + file + "' is missing beside '" +
                          std::string(program, static_cast<size_t>(size)) +
                          "': build or install it again");
}

}  // namespace

Result<void*> LoadPlugin(const std::string& file, const char* entry) {
  CASTOR_ASSIGN_OR_RETURN(const std::string path, FindLibrary(file));
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, entry);
  if (function == nullptr) {
    return Status::Internal("cannot load '" + path + "': " + ::dlerror());
  }
  return function;
}

}  // namespace castor::worker
