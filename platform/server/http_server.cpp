#include "platform/server/http_server.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <utility>

#include "platform/server/own_page.h"

namespace castor::platform {
namespace {

// A connection keeps a thread: that of somebody who watches as long as the answer lasts, another
// until it has been quiet for a while. Who finds none waits, so there are some for each of as many
// browsers as may watch.
constexpr size_t kThreads = 4 * HttpServer::kMaxStreams;
constexpr size_t kMaxBodyBytes = 4 << 20;
constexpr int kBadRequest = 400, kForbidden = 403, kTooLarge = 413, kServerError = 500;
constexpr int kKeepAliveSeconds = 5;
constexpr size_t kKeepAliveRequests = 10'000;

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HttpRequest ToRequest(const httplib::Request& given, bool is_encrypted) {
  HttpRequest request = {.method = given.method,
                         .path = given.path,
                         .query = {},
                         .headers = {},
                         .body = given.body,
                         .read_body = {},
                         .remote_address = given.remote_addr,
                         .is_encrypted = is_encrypted};
  for (const auto& [name, value] : given.params) request.query[name] = value;
  for (const auto& [name, value] : given.headers) request.headers[LowerCase(name)] = value;
  return request;
}

// The bodies of one request. What is larger than it may be, or that nobody wants, is read all the
// same: what follows it on the connection is the next request.
class Body {
 public:
  Body(const httplib::Request& given, const httplib::ContentReader& reader)
      : reader_(reader),
        exists_(given.has_header("Content-Length") || given.has_header("Transfer-Encoding")) {}

  // false: it is larger than kMaxBodyBytes.
  bool ReadAll(std::string* body) {
    bool fits = true;
    const Status read = Read([&](std::string_view piece) {
      fits = fits && body->size() + piece.size() <= kMaxBodyBytes;
      if (fits) body->append(piece);
      return Status::OK();
    });
    return fits && read.ok();
  }

  Status Read(const std::function<Status(std::string_view)>& take) {
    if (!exists_ || is_read_) return Status::OK();
    is_read_ = true;
    Status status;
    const bool complete = reader_([&](const char* data, size_t size) {
      if (status.ok()) status = take({data, size});
      return true;
    });
    if (!status.ok() || complete) return status;
    return Status::InvalidArgument("the body did not come whole, or is larger than 1 GiB");
  }

  void Discard() {
    (void)Read([](std::string_view) { return Status::OK(); });
  }

 private:
  const httplib::ContentReader& reader_;
  const bool exists_;
  bool is_read_ = false;
};

bool IsStreamed(const HttpRequest& request) {
  const auto type = request.headers.find("content-type");
  return type != request.headers.end() && type->second == "application/octet-stream";
}

}  // namespace

struct HttpServer::Library {
  std::atomic<bool> stopping = false;  // before the server, whose threads look at it
  std::unique_ptr<httplib::Server> server;
};

namespace {

// A body whose length is known, but not its content, is one that the library leaves as it is: it
// would compress what a browser asks for with Brotli at its slowest.
void FillBody(HttpResponse response, httplib::Response* answer) {
  if (response.body.empty()) {
    answer->set_header("Content-Type", response.content_type);
    return;
  }
  const size_t size = response.body.size();
  answer->set_content_provider(
      size, response.content_type,
      [body = std::move(response.body)](size_t offset, size_t length, httplib::DataSink& sink) {
        return sink.write(body.data() + offset, length);
      });
}

void Fill(HttpResponse response, const std::atomic<bool>* stopping, httplib::Response* answer) {
  answer->status = response.status;
  answer->set_header("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) answer->set_header(name, value);
  if (!answer->has_header("Cache-Control")) answer->set_header("Cache-Control", "no-store");
  if (!response.next_piece) {
    FillBody(std::move(response), answer);
    return;
  }
  answer->set_chunked_content_provider(
      response.content_type,
      [next_piece = std::move(response.next_piece), stopping](size_t, httplib::DataSink& sink) {
        const std::optional<std::string> piece = *stopping ? std::nullopt : next_piece();
        if (!piece) {
          sink.done();
          return true;
        }
        return piece->empty() ? sink.is_writable() : sink.write(piece->data(), piece->size());
      });
}

}  // namespace

bool Endpoint::is_local() const {
  return address.starts_with("127.") || address == "localhost" || address == "::1";
}

HttpServer::HttpServer(const Endpoint& endpoint) : library_(std::make_unique<Library>()) {
  if (endpoint.is_encrypted()) {
    library_->server =
        std::make_unique<httplib::SSLServer>(endpoint.certificate.c_str(), endpoint.key.c_str());
  } else {
    library_->server = std::make_unique<httplib::Server>();
  }
}

namespace {

void Configure(httplib::Server* server) {
  server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server->set_payload_max_length(HttpServer::kMaxStreamedBytes);
  server->set_keep_alive_timeout(kKeepAliveSeconds);
  server->set_keep_alive_max_count(kKeepAliveRequests);
  server->set_tcp_nodelay(true);
  // The library would let several servers share a port.
  server->set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
}

void SetHandlers(httplib::Server* server, const Endpoint& endpoint, HttpHandler handler,
                 HttpRefusal refuse, const std::atomic<bool>* stopping) {
  const OwnAddress own = {.is_local = endpoint.is_local(), .is_encrypted = endpoint.is_encrypted()};
  const auto handle = [handler, refuse, stopping, own](const httplib::Request& given,
                                                       httplib::Response& answer) {
    const HttpRequest request = ToRequest(given, own.is_encrypted);
    const std::optional<std::string> why = WhyForeign(request, own);
    Fill(why ? refuse(kForbidden, *why) : handler(request), stopping, &answer);
  };
  const auto handle_body = [handler = std::move(handler), refuse, stopping, own](
                               const httplib::Request& given, httplib::Response& answer,
                               const httplib::ContentReader& reader) {
    HttpRequest request = ToRequest(given, own.is_encrypted);
    Body body(given, reader);
    const std::optional<std::string> why = WhyForeign(request, own);
    HttpResponse response;
    if (why) {
      response = refuse(kForbidden, *why);
    } else if (IsStreamed(request)) {
      request.read_body = [&body](const auto& take) { return body.Read(take); };
      response = handler(request);
    } else if (body.ReadAll(&request.body)) {
      response = handler(request);
    } else {
      response = refuse(kTooLarge, "the body is larger than 4 MiB");
    }
    body.Discard();
    Fill(response, stopping, &answer);
  };
  // Called for every status of 400 and more; what the handler has answered has a type.
  server->set_error_handler(
      [refuse = std::move(refuse), stopping](const httplib::Request&, httplib::Response& answer) {
        if (answer.has_header("Content-Type")) return;
        const bool too_large = answer.status == kTooLarge;
        const bool ours = answer.status >= kServerError;
        Fill(refuse(too_large || ours ? answer.status : kBadRequest,
                    too_large ? "the body is larger than 1 GiB"
                    : ours    ? "the request could not be answered"
                              : "this is no request that can be read, or it has no body or an "
                                "address that is too long"),
             stopping, &answer);
      });
  server->Get(".*", handle);
  server->Post(".*", handle_body);
  server->Put(".*", handle_body);
  server->Patch(".*", handle_body);
  server->Delete(".*", handle_body);
}

std::string UrlOf(const Endpoint& endpoint, int port) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return (endpoint.is_encrypted() ? "https://" : "http://") +
         (is_v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" + std::to_string(port);
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(const Endpoint& endpoint,
                                                       HttpHandler handler, HttpRefusal refuse) {
  std::unique_ptr<HttpServer> made(new HttpServer(endpoint));
  httplib::Server& server = *made->library_->server;
  if (!server.is_valid()) {
    return Status::InvalidArgument("cannot use the certificate " + endpoint.certificate +
                                   " with the key " + endpoint.key +
                                   ": both have to be PEM, readable, and belong together");
  }
  Configure(&server);
  SetHandlers(&server, endpoint, std::move(handler), std::move(refuse), &made->library_->stopping);
  const char* host = endpoint.address.c_str();
  made->port_ = endpoint.port == 0                         ? server.bind_to_any_port(host)
                : server.bind_to_port(host, endpoint.port) ? endpoint.port
                                                           : -1;
  made->url_ = UrlOf(endpoint, made->port_);
  if (made->port_ < 0) {
    return Status::InvalidArgument(
        "cannot listen on " + endpoint.address + ":" + std::to_string(endpoint.port) +
        "; another program may have the port, or it is no address of this machine");
  }
  made->thread_ = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();
  return made;
}

HttpServer::~HttpServer() {
  library_->stopping = true;
  if (!thread_.joinable()) return;
  library_->server->stop();
  thread_.join();
}

}  // namespace castor::platform
