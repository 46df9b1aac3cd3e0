#include "worker/plugin_format.h"

#include <memory>
#include <mutex>

#include "worker/load_plugin.h"

namespace castor::worker {
namespace {

using Register = void (*)(format::FormatRegistry*);

class Plugin {
 public:
  explicit Plugin(std::string name) : name_(std::move(name)) {}

  Result<const format::FormatRegistry*> Load() {
    const std::lock_guard lock(mutex_);
    if (loaded_ != nullptr) return loaded_.get();
    CASTOR_ASSIGN_OR_RETURN(void* entry,
                            LoadPlugin("format-" + name_ + ".so", "castor_register_format"));
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
