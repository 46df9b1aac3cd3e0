#include "cli/planner/compile_script.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/planner/bundle_cache.h"
#include "cli/planner/digest.h"
#include "cli/planner/planner.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string KeyOf(const Planner& planner, const std::string& request) {
  // The request holds everything a plan depends on: script, name, settings, folder, kind of answer.
  return Digest().Add(planner.identity()).Add(request).Hex();
}

Json RequestOf(const Script& script, const CompileOptions& options) {
  std::error_code ignored;  // without a working directory only relative paths are wrong
  return {{"op", options.explain ? "explain" : "compile"},
          {"script", script.text},
          {"name", script.name},
          {"settings", options.settings},
          {"directory", std::filesystem::current_path(ignored).string()}};
}

SqlError ErrorOf(const Json& json) {
  return {.message = json.value("message", "the planner gave no reason"),
          .line = json.value("line", 0),
          .column = json.value("column", 0),
          .hint = json.value("hint", ""),
          .tables = json.contains("tables") ? json["tables"].dump() : ""};
}

std::variant<Compiled, SqlError> Read(std::string answer, const BundleCache& cache,
                                      const std::string& key) {
  const Json json = Json::parse(answer);
  if (json.contains("error")) return ErrorOf(json["error"]);
  Compiled compiled = {.bundle = std::move(answer), .cached_path = ""};
  if (json.value("cacheable", false)) {
    compiled.cached_path = cache.Put(key, compiled.bundle).value_or("");
  }
  return compiled;
}

}  // namespace

Result<std::variant<Compiled, SqlError>> CompileScript(const Paths& paths, const Script& script,
                                                       const CompileOptions& options) {
  CASTOR_ASSIGN_OR_RETURN(Planner planner, Planner::Find(paths, options.quiet));
  std::string request;
  try {
    request = RequestOf(script, options).dump();
  } catch (const Json::exception&) {
    return Status::InvalidArgument(script.file + " is not UTF-8 text");
  }
  const BundleCache cache(paths.bundles);
  const std::string key = KeyOf(planner, request);
  if (const auto path = cache.Find(key)) {
    Result<std::string> bundle = io::ReadWholeFile(io::LocalFileSystem(), *path);
    if (bundle.ok()) return {Compiled{.bundle = std::move(*bundle), .cached_path = *path}};
  }
  CASTOR_ASSIGN_OR_RETURN(std::string answer, planner.Ask(request));
  try {
    return Read(std::move(answer), cache, key);
  } catch (const Json::exception& error) {
    return Status::Internal(std::string("the planner's answer cannot be read: ") + error.what());
  }
}

}  // namespace castor::cli
