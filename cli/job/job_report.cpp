#include "cli/job/job_report.h"

#include <nlohmann/json.hpp>

#include "io/file_system.h"

namespace castor::cli {

std::optional<JobReport> ReadJobReport(const std::string& path) {
  using Json = nlohmann::json;
  const Result<std::string> text = io::ReadWholeFile(io::LocalFileSystem(), path);
  if (!text.ok()) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  JobReport report;
  if (json.contains("error")) report.error = json["error"].value("message", "");
  if (json.contains("status")) {
    // The same document that answers a request.
    auto status = ReadStatusAnswer(Json{{"ok", true}, {"status", json["status"]}}.dump());
    if (status.ok()) report.status = std::move(*status);
  }
  return report;
}

}  // namespace castor::cli
