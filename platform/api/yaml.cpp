#include "platform/api/yaml.h"

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Json = nlohmann::json;

Json ScalarOf(const YAML::Node& node) {
  // What is quoted is a text.
  if (node.Tag() == "!") return node.Scalar();
  int64_t integer = 0;
  if (YAML::convert<int64_t>::decode(node, integer)) return integer;
  double number = 0;
  if (YAML::convert<double>::decode(node, number)) return number;
  if (node.Scalar() == "true" || node.Scalar() == "false") return node.Scalar() == "true";
  return node.Scalar();
}

Json ToJson(const YAML::Node& node) {
  if (node.IsScalar()) return ScalarOf(node);
  if (node.IsSequence()) {
    Json array = Json::array();
    for (const auto& each : node) array.push_back(ToJson(each));
    return array;
  }
  if (!node.IsMap()) return nullptr;
  Json object = Json::object();
  for (const auto& each : node) object[each.first.Scalar()] = ToJson(each.second);
  return object;
}

}  // namespace

Status ReadYaml(std::string_view text, Json* json) {
  try {
    *json = ToJson(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return Status::InvalidArgument(error.what());
  }
  return Status::OK();
}

}  // namespace castor::platform
