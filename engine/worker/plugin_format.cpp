#include "worker/plugin_format.h"

#include <dlfcn.h>
#include <unistd.h>

#include <memory>
#include <mutex>

#include "io/file_system.h"

namespace castor::worker {
namespace {

using Register = void (*)(format::FormatRegistry*);

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

class Plugin {
 public:
  explicit Plugin(std::string name) : name_(std::move(name)) {}

  Result<const format::FormatRegistry*> Load() {
    const std::lock_guard lock(mutex_);
    if (loaded_ != nullptr) return loaded_.get();
    CASTOR_ASSIGN_OR_RETURN(const std::string path, FindLibrary("format-" + name_ + ".so"));
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* entry = library == nullptr ? nullptr : ::dlsym(library, "castor_register_format");
    if (entry == nullptr) {
      return Status::Internal("cannot load format '" + name_ + "': " + ::dlerror());
    }
    loaded_ = std::make_unique<format::FormatRegistry>();
    reinterpret_cast<Register>(entry)(loaded_.get());
    return loaded_.get();
  }

  // All options with the format's prefix again, which the registry takes off.
  std::map<std::string, std::string> WithPrefix(const format::FormatOptions& options) const {
    std::map<std::string, std::string> values;
    for (const auto& [key, value] : options.values) values.emplace(name_ + "." + key, value);
    return values;
  }
  const std::string& name() const { return name_; }

 private:
  const std::string name_;
  std::mutex mutex_;
  std::unique_ptr<format::FormatRegistry> loaded_;
};

}  // namespace

format::FormatFactory PluginFormat(const std::string& name) {
  const auto plugin = std::make_shared<Plugin>(name);
  format::FormatFactory factory;
  factory.make_decoding =
      [plugin](
          const format::FormatOptions& options) -> Result<std::unique_ptr<format::DecodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(const format::FormatRegistry* registry, plugin->Load());
    return registry->MakeDecoding(plugin->name(), plugin->WithPrefix(options),
                                  options.session_time_zone);
  };
  factory.make_encoding =
      [plugin](
          const format::FormatOptions& options) -> Result<std::unique_ptr<format::EncodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(const format::FormatRegistry* registry, plugin->Load());
    return registry->MakeEncoding(plugin->name(), plugin->WithPrefix(options),
                                  options.session_time_zone);
  };
  return factory;
}

}  // namespace castor::worker
