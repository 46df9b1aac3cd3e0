#include "worker/metrics_server.h"

#include <sys/socket.h>

#include <string>

namespace castor::worker {
namespace {

std::string Response(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

Result<std::unique_ptr<io::Listener>> ServeMetrics(int port, runtime::JobMetrics* metrics) {
  return io::Listener::OnPort(port, [metrics](int connection) {
    std::string buffer, request, header;
    if (!io::ReceiveLine(connection, &buffer, &request)) return;
    while (io::ReceiveLine(connection, &buffer, &header) && header != "\r" && !header.empty()) {
    }
    const bool known = request.starts_with("GET /metrics ") || request.starts_with("GET / ");
    io::SendAll(connection, known ? Response("200 OK", runtime::ToPrometheusText(*metrics))
                                  : Response("404 Not Found", "only /metrics is here\n"));
    ::shutdown(connection, SHUT_RDWR);
  });
}

}  // namespace castor::worker
