#include "connector/filesystem/file_split.h"

#include <nlohmann/json.hpp>

namespace castor::connector::filesystem {

Split FileSplit::ToSplit() const {
  nlohmann::json state = {{"path", path},           {"relative", relative},
                          {"start", start},         {"end", end},
                          {"file_size", file_size}, {"modification_time_ms", modification_time_ms}};
  if (offset >= 0) state["offset"] = offset;
  if (!position.empty()) state["position"] = position;
  // Paths are bytes to the system, UTF-8 to JSON: others are written with replacement characters,
  // and will then not be found, which the user is told with the path.
  return {Id(), state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

Result<FileSplit> FileSplit::FromSplit(const Split& split) {
  const nlohmann::json state = nlohmann::json::parse(split.state, nullptr, false);
  const auto corrupt = [&] {
    return Status::Corruption("file split '" + split.id + "' cannot be read: " + split.state);
  };
  if (!state.is_object()) return corrupt();
  FileSplit result;
  for (const auto& [key, value] : state.items()) {
    const bool text = key == "path" || key == "relative" || key == "position";
    if (text ? !value.is_string() : !value.is_number_integer()) return corrupt();
    if (key == "path") {
      result.path = value.get<std::string>();
    } else if (key == "relative") {
      result.relative = value.get<std::string>();
    } else if (key == "position") {
      result.position = value.get<std::string>();
    } else if (key == "start") {
      result.start = value.get<int64_t>();
    } else if (key == "end") {
      result.end = value.get<int64_t>();
    } else if (key == "file_size") {
      result.file_size = value.get<int64_t>();
    } else if (key == "modification_time_ms") {
      result.modification_time_ms = value.get<int64_t>();
    } else if (key == "offset") {
      result.offset = value.get<int64_t>();
    } else {
      return corrupt();
    }
  }
  if (result.path.empty()) return corrupt();
  return result;
}

}  // namespace castor::connector::filesystem
