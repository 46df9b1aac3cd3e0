#include "cli/job/job_report.h"

#include <nlohmann/json.hpp>

#include "io/file_system.h"

namespace castor::cli {

std::optional<JobReport> ReadJobReport(const std::string& path) {
  using Json = nlohmann::json;
  const Result<std::string> text = io::ReadWholeFile(io::LocalFileSystem(), path);
  if (!text.ok()) return std::nullopt;
  try {
    const Json json = Json::parse(*text);
    if (!json.is_object()) return std::nullopt;
    JobReport report;
    if (json.contains("error")) {
      report.error = json.at("error").value("message", "");
      report.error_code = json.at("error").value("code", "");
    }
    if (json.contains("status")) {
      // The same document that answers a request.
      auto status = ReadStatusAnswer(Json{{"ok", true}, {"status", json.at("status")}}.dump());
      if (status.ok()) report.status = std::move(*status);
    }
    return report;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace castor::cli
