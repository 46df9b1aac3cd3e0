#include "platform/api/caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "platform/server/own_page.h"

namespace castor::platform {
namespace {

std::string HeaderOf(const HttpRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

std::string CookieOf(const HttpRequest& request, const std::string& name) {
  const std::string header = HeaderOf(request, "cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    std::string_view each = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), each.size() + 1));
    each.remove_prefix(std::min(each.size(), each.find_first_not_of(' ')));
    if (each.size() > name.size() && each.starts_with(name) && each[name.size()] == '=') {
      return std::string(each.substr(name.size() + 1));
    }
  }
  return "";
}

}  // namespace

std::string CookieName(const HttpRequest& request) {
  const std::string host = HeaderOf(request, "host");
  const size_t colon = host.rfind(':');
  const std::string port = colon == std::string::npos ? "" : host.substr(colon + 1);
  const bool is_port = !port.empty() && port.find_first_not_of("0123456789") == std::string::npos;
  return is_port ? "castor_session_" + port : "castor_session";
}

Credentials ReadCredentials(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string header = HeaderOf(request, "authorization");
  return {.token = header.starts_with(kBearer) ? header.substr(kBearer.size()) : "",
          .session = CookieOf(request, CookieName(request)),
          .csrf = HeaderOf(request, "x-csrf-token")};
}

bool IsNear(const HttpRequest& request) {
  const std::string& address = request.remote_address;
  const bool is_local =
      address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
  return is_local && IsByOwnName(request) && !request.headers.contains("x-forwarded-for") &&
         !request.headers.contains("forwarded");
}

bool IsSecure(const HttpRequest& request) {
  return request.is_encrypted || HeaderOf(request, "origin").starts_with("https://");
}

std::string SessionCookie(const Caller& caller, const std::string& session, int64_t seconds) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", caller.cookie,
                     session, seconds, caller.is_secure ? "; Secure" : "");
}

}  // namespace castor::platform
