// The reading side of the `filesystem` connector.
#pragma once

#include <memory>

#include "connector/api/source.h"
#include "format/api/format.h"

namespace castor::connector::filesystem {

// The registries must outlive the source.
Result<std::unique_ptr<Source>> MakeFilesystemSource(const SourceArguments& arguments,
                                                     const format::FormatRegistry& formats,
                                                     const io::FileSystemRegistry& file_systems);

}  // namespace castor::connector::filesystem
