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

}  // namespace

std::optional<std::string> WhyForeign(const HttpRequest& request) {
  const auto host = request.headers.find("host");
  if (host == request.headers.end()) return "the request has no header Host";
  const std::string_view name = WithoutPort(host->second);
  if (std::find(kOwnNames.begin(), kOwnNames.end(), name) == kOwnNames.end()) {
    return "'" + host->second +
           "' is not a name of this server: ask for 127.0.0.1 or localhost, with its port";
  }
  const auto origin = request.headers.find("origin");
  if (origin != request.headers.end() && origin->second != "http://" + host->second) {
    return "a page of '" + origin->second + "' may not ask this server";
  }
  return std::nullopt;
}

}  // namespace castor::platform
