#include "platform/server/own_page.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace castor::platform {
namespace {

constexpr std::array<std::string_view, 3> kOwnNames = {"127.0.0.1", "localhost", "[::1]"};

std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos &&
                        host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  return has_port ? host.substr(0, colon) : host;
}

std::string HostOf(const HttpRequest& request) {
  const auto host = request.headers.find("host");
  return host == request.headers.end() ? "" : host->second;
}

bool IsOwnOrigin(const std::string& origin, const std::string& host, const OwnAddress& own) {
  if (origin == "https://" + host) return own.is_encrypted || !own.is_local;
  return origin == "http://" + host && !own.is_encrypted;
}

}  // namespace

bool IsByOwnName(const HttpRequest& request) {
  const std::string host = HostOf(request);
  const std::string_view name = WithoutPort(host);
  return std::find(kOwnNames.begin(), kOwnNames.end(), name) != kOwnNames.end();
}

std::optional<std::string> WhyForeign(const HttpRequest& request, const OwnAddress& own) {
  if (!request.headers.contains("host")) return "the request has no header Host";
  const std::string host = HostOf(request);
  if (own.is_local && !IsByOwnName(request)) {
    return "'" + host +
           "' is not a name of this server: ask for 127.0.0.1 or localhost, with its port, or have "
           "it --listen elsewhere";
  }
  const auto origin = request.headers.find("origin");
  if (origin != request.headers.end() && !IsOwnOrigin(origin->second, host, own)) {
    return "a page of '" + origin->second + "' may not ask this server";
  }
  return std::nullopt;
}

}  // namespace castor::platform
