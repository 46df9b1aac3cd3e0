// Registers the connector `filesystem`.
#pragma once

#include "connector/api/registry.h"
#include "format/api/format.h"

namespace castor::connector::filesystem {

// `formats` and `file_systems` must outlive the registry.
void RegisterFilesystem(ConnectorRegistry* registry, const format::FormatRegistry* formats,
                        const io::FileSystemRegistry* file_systems);

}  // namespace castor::connector::filesystem
