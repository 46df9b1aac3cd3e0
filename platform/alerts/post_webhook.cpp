#include "platform/alerts/post_webhook.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>

namespace castor::platform {
namespace {

constexpr time_t kPatienceSeconds = 5;  // to connect, to write, and to be answered

bool IsOk(int status) { return status >= 200 && status < 300; }

}  // namespace

Result<WebUrl> SplitUrl(const std::string& url) {
  const size_t scheme = url.find("://");
  const std::string name = url.substr(0, std::min(scheme, url.size()));
  if (name != "http" && name != "https") {
    return Status::InvalidArgument("a webhook's url begins with http:// or https://");
  }
  const size_t host = scheme + 3;
  const size_t path = std::min(url.find_first_of("/?#", host), url.size());
  const bool is_plain =
      std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > ' '; });
  if (path == host || !is_plain || url.find('@', host) < path) {
    return Status::InvalidArgument(
        "a webhook's url has a host, and neither spaces nor a user's name in it");
  }
  std::string rest = url.substr(path, url.find('#', path) - path);
  if (!rest.starts_with('/')) rest.insert(rest.begin(), '/');
  return WebUrl{url.substr(0, path), rest};
}

Status PostWebhook(const std::string& url, const std::pair<std::string, std::string>& header,
                   const std::string& body) {
  CASTOR_ASSIGN_OR_RETURN(const WebUrl to, SplitUrl(url));
  httplib::Headers headers;
  if (!header.first.empty()) {
    const bool has_control = std::any_of(header.second.begin(), header.second.end(),
                                         [](unsigned char c) { return c < ' '; });
    if (has_control) {
      return Status::InvalidArgument("the secret value for the header " + header.first +
                                     " has a line end or another control character");
    }
    headers.emplace(header);
  }
  httplib::Client client(to.origin);
  client.set_connection_timeout(kPatienceSeconds);
  client.set_read_timeout(kPatienceSeconds);
  client.set_write_timeout(kPatienceSeconds);
  client.set_follow_location(false);
  const auto answer = client.Post(to.path, headers, body, "application/json");
  if (!answer) {
    return Status::IoError(
        fmt::format("{} is not reached: {}", to.origin, httplib::to_string(answer.error())));
  }
  if (IsOk(answer->status)) return Status::OK();
  return Status::IoError(fmt::format("{} answers with status {}", to.origin, answer->status));
}

}  // namespace castor::platform
