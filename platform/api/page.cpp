#include "platform/api/page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

int64_t NumberOf(const Call& call, const char* name, int64_t fallback) {
  const auto found = call.parameters.find(name);
  return found == call.parameters.end() ? fallback : std::stoll(found->second);
}

}  // namespace

PageRequest ReadPage(const Call& call) {
  return {
      .size = NumberOf(call, "pageSize", PageRequest().size),
      .after = NumberOf(call, "pageToken", 0),
      .newest_first = call.parameters.contains("order") && call.parameters.at("order") == "desc"};
}

PageQuery QueryOf(const Call& call, const std::vector<std::pair<const char*, const char*>>& equal,
                  const PageRequest& page) {
  const bool is_behind = page.newest_first && page.after != 0;
  PageQuery query = {is_behind ? "WHERE sequence < ?" : "WHERE sequence > ?", {page.after}};
  for (const auto& [parameter, column] : equal) {
    const auto found = call.parameters.find(parameter);
    if (found == call.parameters.end()) continue;
    query.clause += fmt::format(" AND {} = ?", column);
    query.values.emplace_back(found->second);
  }
  query.clause += page.newest_first ? " ORDER BY sequence DESC" : " ORDER BY sequence";
  return query;
}

nlohmann::ordered_json PageJson(const char* kind, nlohmann::ordered_json items, int64_t next) {
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();
  if (next != 0) metadata["nextPageToken"] = std::to_string(next);
  return {{"apiVersion", "v1"},
          {"kind", kind},
          {"metadata", std::move(metadata)},
          {"items", std::move(items)}};
}

std::string PageText(const char* kind, const std::string& items, int64_t next) {
  const std::string metadata = next == 0 ? "" : fmt::format(R"("nextPageToken":"{}")", next);
  return fmt::format(R"({{"apiVersion":"v1","kind":"{}","metadata":{{{}}},"items":[{}]}})", kind,
                     metadata, items);
}

}  // namespace castor::platform
