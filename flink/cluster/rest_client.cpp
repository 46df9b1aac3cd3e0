#include "flink/cluster/rest_client.h"

#include <fmt/format.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

namespace castor::flink {
namespace {

using Json = nlohmann::json;

constexpr int kPatienceSeconds = 10;

httplib::Client ClientOf(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_connection_timeout(kPatienceSeconds);
  client.set_read_timeout(kPatienceSeconds);
  return client;
}

// Flink puts a stack trace into the text of most errors.
std::string ErrorIn(const Json& body) {
  const auto errors = body.find("errors");
  if (errors == body.end() || !errors->is_array() || errors->empty()) return "";
  return RootCause(errors->back().get<std::string>());
}

Result<Json> ReadAnswer(const std::string& path, const httplib::Result& answer) {
  constexpr int kFirstError = 400, kNotFound = 404;
  if (!answer) {
    return Status::IoError(fmt::format("the job manager does not answer {} ({})", path,
                                       httplib::to_string(answer.error())));
  }
  Json body = Json::parse(answer->body, nullptr, false);
  if (answer->status < kFirstError) {
    if (answer->body.empty()) return Json::object();
    if (body.is_discarded()) return Status::IoError("the job manager's answer is no JSON: " + path);
    return body;
  }
  const std::string message =
      body.is_object() ? ErrorIn(body) : fmt::format("{} has status {}", path, answer->status);
  return answer->status == kNotFound ? Status::NotFound(message) : Status::IoError(message);
}

}  // namespace

Result<Json> RestClient::Get(const std::string& path) const {
  return ReadAnswer(path, ClientOf(port_).Get(path));
}

Result<Json> RestClient::Post(const std::string& path, const Json& body) const {
  return ReadAnswer(path, ClientOf(port_).Post(path, body.dump(), "application/json"));
}

Status RestClient::Patch(const std::string& path) const {
  return ReadAnswer(path, ClientOf(port_).Patch(path, "{}", "application/json")).status();
}

std::string RootCause(const std::string& stack_trace) {
  constexpr std::string_view kCausedBy = "Caused by: ";
  const size_t last = stack_trace.rfind(kCausedBy);
  const size_t begin = last == std::string::npos ? 0 : last + kCausedBy.size();
  // A message may have lines of its own; the frames begin at the first "\tat ".
  size_t end = std::min(stack_trace.find("\n\tat ", begin), stack_trace.find("\n\t...", begin));
  end = std::min(end, stack_trace.size());
  std::string cause = stack_trace.substr(begin, end - begin);
  while (!cause.empty() && (cause.back() == '\n' || cause.back() == ' ')) cause.pop_back();
  return cause;
}

}  // namespace castor::flink
