#include "test/fuzz/bytes/job/json_mutation.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace castor::fuzz {
namespace {

using Json = nlohmann::ordered_json;

void Collect(Json* json, std::vector<Json*>* all) {
  all->push_back(json);
  if (!json->is_structured()) return;
  for (Json& member : *json) Collect(&member, all);
}

Json Another(std::mt19937_64* random) {
  static const Json values = {
      nullptr,        true,      "",        "x",        0,         -1,
      5e300,          INT64_MIN, INT64_MAX, UINT64_MAX, INT32_MAX, Json::array(),
      Json::object(), {"x", 1},  {{"x", 1}}};
  return values[(*random)() % values.size()];
}

}  // namespace

std::string MutateJson(std::string text, std::mt19937_64* random) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return text;
  std::vector<Json*> all;
  Collect(&json, &all);
  Json* const value = all[(*random)() % all.size()];
  if (value->is_structured() && !value->empty() && (*random)() % 2 == 0) {
    auto member = value->begin();
    std::advance(member, (*random)() % value->size());
    value->erase(member);
  } else {
    *value = Another(random);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace castor::fuzz
