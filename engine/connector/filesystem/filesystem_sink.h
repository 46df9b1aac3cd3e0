// The writing side of the `filesystem` connector.
#pragma once

#include <memory>

#include "connector/api/sink.h"
#include "format/api/format.h"

namespace castor::connector::filesystem {

// The registries must outlive the sink.
Result<std::unique_ptr<Sink>> MakeFilesystemSink(const SinkArguments& arguments,
                                                 const format::FormatRegistry& formats,
                                                 const io::FileSystemRegistry& file_systems);

}  // namespace castor::connector::filesystem
