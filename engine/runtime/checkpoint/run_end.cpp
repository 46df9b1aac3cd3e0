#include "runtime/checkpoint/run_end.h"

#include <nlohmann/json.hpp>

namespace castor::runtime {

using Json = nlohmann::ordered_json;

Status WriteRunEnd(io::FileSystem& files, const std::string& directory, const RunEnd& end) {
  const Json json = {{"run", end.run}, {"ancestors", NamesToJson(end.ancestors)}};
  return io::WriteFileAtomically(files, io::JoinPath(directory, kRunEndFile), json.dump() + "\n");
}

Result<std::optional<RunEnd>> ReadRunEnd(io::FileSystem& files, const std::string& directory) {
  const std::string path = io::JoinPath(directory, kRunEndFile);
  CASTOR_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return std::optional<RunEnd>();
  CASTOR_ASSIGN_OR_RETURN(const std::string text, io::ReadWholeFile(files, path));
  try {
    const Json json = Json::parse(text);
    return std::optional<RunEnd>({json.at("run"), NamesFromJson(json.at("ancestors"))});
  } catch (const std::exception& error) {
    return Status::Corruption(path + " is damaged: " + error.what());
  }
}

}  // namespace castor::runtime
