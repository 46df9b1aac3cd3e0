#include "connector/filesystem/writer_state.h"

#include <nlohmann/json.hpp>

namespace castor::connector::filesystem {
namespace {

using Json = nlohmann::json;

bool ReadPart(const Json& json, ResumablePart* part) {
  for (const char* key : {"partition", "directory", "hidden", "name"}) {
    if (!json.contains(key) || !json[key].is_string()) return false;
  }
  for (const char* key : {"bytes", "created"}) {
    if (!json.contains(key) || !json[key].is_number_integer()) return false;
  }
  *part = {json["partition"],
           {json["directory"], json["hidden"], json["name"]},
           json["bytes"],
           json["created"]};
  return true;
}

}  // namespace

std::string WriterState::ToText() const {
  Json json = report.ToJson();
  Json& list = json["parts"] = Json::array();
  for (const ResumablePart& part : parts) {
    list.push_back({{"partition", part.partition},
                    {"directory", part.names.directory},
                    {"hidden", part.names.hidden_name},
                    {"name", part.names.name},
                    {"bytes", part.bytes},
                    {"created", part.created}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<WriterState> WriterState::FromText(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  WriterState state;
  bool readable = PartitionReport::FromJson(json, &state.report);
  if (readable && json.contains("parts")) {
    for (const Json& each : json["parts"]) {
      readable = readable && ReadPart(each, &state.parts.emplace_back());
    }
  }
  if (!readable) return Status::Corruption("the state of a writer cannot be read");
  return state;
}

}  // namespace castor::connector::filesystem
