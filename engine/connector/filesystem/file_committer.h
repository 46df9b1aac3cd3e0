// Makes pending part files visible: one rename each, done again without harm.
#pragma once

#include <memory>

#include "connector/filesystem/sink_options.h"

namespace castor::connector::filesystem {

std::unique_ptr<Committer> MakeFileCommitter(std::shared_ptr<const SinkOptions> options);

}  // namespace castor::connector::filesystem
