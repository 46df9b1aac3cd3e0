#include "platform/client/login.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "cli/process/paths.h"
#include "io/file_system.h"
#include "platform/access/local_servers.h"

namespace castor::platform {
namespace {

Result<std::string> ReadToken(const std::string& path) {
  auto text = io::ReadWholeFile(io::LocalFileSystem(), path);
  if (!text.ok()) return text.status().WithContext("no token to log in with");
  std::string token = text->substr(0, text->find_first_of("\r\n"));
  if (token.empty()) return Status::InvalidArgument(path + " holds no token");
  return token;
}

}  // namespace

int LocalPort(const std::string& server) {
  std::string_view rest = server;
  int port = 80;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
    port = 443;
  }
  rest = rest.substr(0, rest.find('/'));
  for (const std::string_view name : {"127.0.0.1", "localhost", "[::1]"}) {
    if (!rest.starts_with(name)) continue;
    const std::string_view behind = rest.substr(name.size());
    if (behind.empty()) return port;
    const auto [end, error] =
        std::from_chars(behind.data() + 1, behind.data() + behind.size(), port);
    const bool is_port =
        behind[0] == ':' && error == std::errc() && end == behind.data() + behind.size();
    return is_port ? port : 0;
  }
  return 0;
}

Result<std::string> FindToken(const Login& login, const std::string& server) {
  constexpr const char* kLocalToken = "/local.token";
  if (!login.token_file.empty()) return ReadToken(login.token_file);
  const char* const set = std::getenv("CASTOR_TOKEN");
  if (set != nullptr && *set != 0) return std::string(set);
  const int port = LocalPort(server);
  if (!login.data_dir.empty()) {
    if (port != 0) return ReadToken(login.data_dir + kLocalToken);
    return Status::InvalidArgument(
        "--data-dir is for a server of this machine, as in "
        "http://127.0.0.1:8080, not for " +
        server + ": say --token-file or CASTOR_TOKEN");
  }
  if (port == 0) return std::string();
  CASTOR_ASSIGN_OR_RETURN(const cli::Paths paths, cli::FindPaths());
  const std::string data_dir = LocalServers::Find(paths.runtime, port);
  if (data_dir.empty()) return std::string();
  const auto token = ReadToken(data_dir + kLocalToken);
  return token.ok() ? *token : std::string();
}

}  // namespace castor::platform
