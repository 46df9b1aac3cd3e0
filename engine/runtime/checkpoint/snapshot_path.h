// How a snapshot names files that do not lie in it.
//
// By their way from the snapshot's directory ("./x", "../shared/x", "../../run/shared/x") if both
// lie below the directory two levels up, which is the checkpoint directory of a checkpoint: so that
// directory can be moved. Else by their path as it is.
#pragma once

#include <string>

namespace castor::runtime {

std::string PathInSnapshot(const std::string& snapshot, const std::string& path);
// The inverse, for a snapshot that may have been moved.
std::string ResolvePath(const std::string& snapshot, const std::string& stored);

}  // namespace castor::runtime
