// Registers the connector `values` (spec/values-connector.md).
#pragma once

#include "connector/api/registry.h"
#include "io/file_system.h"

namespace castor::connector::values {

// `file_systems` must outlive the registry.
void RegisterValues(ConnectorRegistry* registry, const io::FileSystemRegistry* file_systems);

Result<std::unique_ptr<Source>> MakeValuesSource(const SourceArguments& arguments,
                                                 const io::FileSystemRegistry& file_systems);
Result<std::unique_ptr<Sink>> MakeValuesSink(const SinkArguments& arguments,
                                             const io::FileSystemRegistry& file_systems);

}  // namespace castor::connector::values
