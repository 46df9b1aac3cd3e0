#include "worker/file_systems.h"

#include "worker/plugin_file_system.h"

namespace castor::worker {
namespace {

PluginFileSystem& S3() {
  static PluginFileSystem s3("s3");
  return s3;
}

}  // namespace

const io::FileSystemRegistry& FileSystems() {
  static const io::FileSystemRegistry* const all = [] {
    auto* registry = new io::FileSystemRegistry();
    // Flink has three implementations, each with a scheme of its own.
    for (const char* scheme : {"s3", "s3a", "s3p"}) {
      registry->Register(scheme, [] { return S3().Open(); });
    }
    return registry;
  }();
  return *all;
}

Status ConfigureFileSystems(const Configuration& configuration) {
  S3().Configure(configuration);
  for (const auto& [key, unused] : configuration.values()) {
    if (key.starts_with("s3.")) return S3().Open().status();
  }
  return Status::OK();
}

void CloseFileSystems() { S3().Close(); }

}  // namespace castor::worker
