// Where the files of local jobs lie (local_target.h). Stateless.
#pragma once

#include <string>
#include <vector>

namespace castor::platform {

std::string JobFolder(const std::string& data, const std::string& job);
std::string CheckpointFolder(const std::string& data, const std::string& job);
// The jobs that have a folder, whether anybody knows them or not.
std::vector<std::string> JobsWithFolders(const std::string& data);
// Whether a process of the job lives.
bool IsHeld(const std::string& data, const std::string& job);

}  // namespace castor::platform
