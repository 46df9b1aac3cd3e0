#include "platform/client/connection.h"

#include <fmt/format.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Json = nlohmann::json;

constexpr int kFirstError = 400;
constexpr int kNotFound = 404;
constexpr int kUnauthorized = 401;
constexpr int kOurFault = 500;

Result<Json> ReadAnswer(const std::string& server, const httplib::Result& answer) {
  if (!answer) {
    return Status::IoError(
        fmt::format("{} does not answer ({}); start it with `castor platform`, or say --server or "
                    "CASTOR_PLATFORM",
                    server, httplib::to_string(answer.error())));
  }
  Json body = Json::parse(answer->body, nullptr, false);
  if (body.is_discarded() || !body.is_object()) {
    return Status::IoError(server + " is no server of Castor Platform");
  }
  if (answer->status < kFirstError) return body;
  const std::string message = body.value("message", "refused");
  if (answer->status == kUnauthorized) {
    return Status::InvalidArgument(fmt::format(
        "{} does not know who asks ({}): say --data-dir, if it is a server of this "
        "machine, else CASTOR_TOKEN or --token-file with a token that the console makes",
        server, message));
  }
  if (answer->status == kNotFound) return Status::NotFound(message);
  if (answer->status >= kOurFault) return Status::Internal(message);
  return Status::InvalidArgument(message);
}

}  // namespace

struct Connection::Library {
  explicit Library(const std::string& server) : client(server) {}
  httplib::Client client;
};

std::string Encoded(const std::string& text) { return httplib::detail::encode_query_param(text); }

Connection::Connection(const std::string& server, std::string in, const std::string& token)
    : library_(std::make_unique<Library>(server)), server_(server), in_(std::move(in)) {
  constexpr int kPatienceSeconds = 60;
  library_->client.set_read_timeout(kPatienceSeconds);
  library_->client.set_tcp_nodelay(true);
  if (!token.empty()) library_->client.set_bearer_token_auth(token);
}

Connection::~Connection() = default;

std::string Connection::Address(const std::string& path) const {
  return fmt::format("/api/v1/namespaces/{}/{}", Encoded(in_), path);
}

Result<Json> Connection::Get(const std::string& path) {
  return ReadAnswer(server_, library_->client.Get(Address(path)));
}

Result<Json> Connection::Post(const std::string& path, const Json& body) {
  return ReadAnswer(server_, library_->client.Post(Address(path), body.dump(), "application/json"));
}

Result<Json> Connection::Patch(const std::string& path, const Json& body) {
  return ReadAnswer(
      server_, library_->client.Patch(Address(path), body.dump(), "application/merge-patch+json"));
}

Result<Json> Connection::GetAll(const std::string& path, const std::string& query) {
  Json items = Json::array();
  std::string token = "0";
  while (!token.empty()) {
    CASTOR_ASSIGN_OR_RETURN(const Json page,
                            Get(fmt::format("{}?pageSize=1000&pageToken={}{}{}", path, token,
                                            query.empty() ? "" : "&", query)));
    for (const Json& item : page.at("items")) items.push_back(item);
    token = page.at("metadata").value("nextPageToken", "");
  }
  return items;
}

Status Connection::Watch(const std::string& query, const std::function<bool(const Json&)>& take) {
  std::string received;
  bool enough = false;
  const auto answer =
      library_->client.Get(Address("events:watch?" + query), [&](const char* data, size_t size) {
        constexpr std::string_view kData = "data: ";
        received.append(data, size);
        for (size_t end = 0; (end = received.find('\n')) != std::string::npos;) {
          const std::string line = received.substr(0, end);
          received.erase(0, end + 1);
          if (!line.starts_with(kData)) continue;
          const Json event = Json::parse(line.substr(kData.size()), nullptr, false);
          if (!event.is_discarded() && !take(event)) enough = true;
          if (enough) return false;
        }
        return true;
      });
  if (enough) return Status::OK();
  return Status::IoError(server_ + " does not answer any more");
}

}  // namespace castor::platform
