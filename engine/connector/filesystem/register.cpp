#include "connector/filesystem/register.h"

#include "connector/filesystem/filesystem_sink.h"
#include "connector/filesystem/filesystem_source.h"

namespace castor::connector::filesystem {

void RegisterFilesystem(ConnectorRegistry* registry, const format::FormatRegistry* formats,
                        const io::FileSystemRegistry* file_systems) {
  ConnectorFactory factory;
  factory.make_source = [=](const SourceArguments& arguments) {
    return MakeFilesystemSource(arguments, *formats, *file_systems);
  };
  factory.make_sink = [=](const SinkArguments& arguments) {
    return MakeFilesystemSink(arguments, *formats, *file_systems);
  };
  registry->Register("filesystem", std::move(factory));
}

}  // namespace castor::connector::filesystem
