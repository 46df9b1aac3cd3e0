// Finds complete snapshots in folders (spec/checkpoint-format.md: those with a _metadata).
#pragma once

#include <string>

namespace castor::platform {

// Whether that is a complete snapshot.
bool IsSnapshot(const std::string& path);
// Whether that one is Flink's, and not the native engine's.
bool IsFlinkSnapshot(const std::string& path);
// <folder>/savepoint-...; empty if there is none.
std::string FindSavepoint(const std::string& folder);
// The latest <folder>/<run>/chk-<n>: numbers ascend from one run of a job to the next. Empty if
// there is none.
std::string FindLatestCheckpoint(const std::string& folder);

}  // namespace castor::platform
