// The file systems that the paths of a job may name: the one place that names concrete ones.
#pragma once

#include "base/configuration.h"
#include "io/file_system.h"

namespace castor::worker {

const io::FileSystemRegistry& FileSystems();
// Before the first path, and before other threads: a file system that has options is opened at
// once, so that a mistake in them shows, the others when a path names them. Errors name the option.
Status ConfigureFileSystems(const Configuration& configuration);
// After the last file, before the process ends.
void CloseFileSystems();

}  // namespace castor::worker
