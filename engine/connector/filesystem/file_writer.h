// Writes the rows of one subtask into part files, one open file per partition.
#pragma once

#include <memory>

#include "connector/filesystem/sink_options.h"

namespace castor::connector::filesystem {

std::unique_ptr<SinkWriter> MakeFileWriter(std::shared_ptr<const SinkOptions> options);

}  // namespace castor::connector::filesystem
