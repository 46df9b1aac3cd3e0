#include "platform/artifacts/artifact_address.h"

#include <fmt/format.h>
#include <httplib.h>

#include <string_view>

namespace castor::platform {
namespace {

constexpr std::string_view kArtifact = "artifact:", kFile = "file:";

Result<std::string> Existing(std::string path, const std::string& address) {
  const auto info = io::LocalFileSystem().Stat(path);
  if (info.ok() && !info->is_directory) return path;
  return Status::InvalidArgument(info.ok() ? address + " is a folder"
                                           : address + " is not there: " + info.status().message());
}

// file:///a and file:/a.
std::string PathIn(std::string_view address) {
  address.remove_prefix(kFile.size());
  if (address.starts_with("///")) address.remove_prefix(2);
  return std::string(address);
}

struct Url {
  std::string server;  // with its scheme
  std::string path;
  std::string name;  // the last part of the path
};

Url Split(const std::string& address) {
  const size_t host = address.find("://") + 3;
  const size_t slash = std::min(address.find('/', host), address.size());
  Url url = {.server = address.substr(0, slash), .path = address.substr(slash), .name = {}};
  if (url.path.empty()) url.path = "/";
  const std::string plain = url.path.substr(0, url.path.find_first_of("?#"));
  url.name = plain.substr(plain.rfind('/') + 1);
  return url;
}

Result<std::string> Download(const ArtifactStore& store, const std::string& address) {
  constexpr int kOk = 200, kFirstServerError = 500, kPatienceSeconds = 60;
  const Url url = Split(address);
  if (!CheckArtifactName(url.name).ok()) {
    return Status::InvalidArgument(address + " does not end with the name of a file");
  }
  CASTOR_ASSIGN_OR_RETURN(ArtifactStore::Incoming incoming, store.Begin());
  httplib::Client client(url.server);
  client.set_follow_location(true);
  client.set_connection_timeout(kPatienceSeconds);
  client.set_read_timeout(kPatienceSeconds);
  Status written = Status::OK();
  int status = 0;
  const auto answer = client.Get(
      url.path,
      [&](const httplib::Response& response) {
        status = response.status;
        return status == kOk;
      },
      [&](const char* data, size_t size) {
        written = incoming.Append({data, size});
        return written.ok();
      });
  if (!written.ok()) {
    return Status::InvalidArgument(fmt::format("{}: {}", address, written.message()));
  }
  if (status != 0 && status != kOk) {
    const std::string message = fmt::format("{} answers with status {}", address, status);
    return status < kFirstServerError ? Status::InvalidArgument(message) : Status::IoError(message);
  }
  if (!answer) {
    return Status::IoError(
        fmt::format("{} cannot be fetched ({})", address, httplib::to_string(answer.error())));
  }
  CASTOR_RETURN_NOT_OK(incoming.Finish());
  return store.KeepFetched(&incoming, url.name);
}

}  // namespace

std::string ArtifactIn(const std::string& address) {
  return address.starts_with(kArtifact) ? address.substr(kArtifact.size()) : "";
}

Result<std::string> FetchArtifact(const ArtifactStore& store, const std::string& in,
                                  const std::string& address) {
  if (address.starts_with(kArtifact)) {
    const std::string name = ArtifactIn(address);
    CASTOR_RETURN_NOT_OK(CheckArtifactName(name));
    return Existing(store.PathOf(in, name), address);
  }
  if (address.starts_with("file:/")) return Existing(PathIn(address), address);
  if (address.starts_with("http://") || address.starts_with("https://")) {
    return Download(store, address);
  }
  return Status::InvalidArgument(
      "'" + address +
      "' is no address of an artifact that is served: there are artifact:NAME, file:///..., "
      "http://... and https://... (s3: is not there yet: fetch it, and upload it)");
}

}  // namespace castor::platform
