#include "worker/control_server.h"

#include <future>
#include <nlohmann/json.hpp>
#include <utility>

#include "worker/status_report.h"

namespace castor::worker {
namespace {

using Json = nlohmann::ordered_json;

Json Failure(const Status& status) {
  return {{"ok", false},
          {"error", {{"code", StatusCodeName(status.code())}, {"message", status.message()}}}};
}

Json TakeSavepoint(const Json& request, bool stop, runtime::Job* job) {
  runtime::SavepointOptions options;
  options.directory = request.value("directory", "");
  options.stop = stop;
  options.drain = request.value("drain", false);
  const std::string type = request.value("type", "canonical");
  if (type == "native") {
    options.format = state::SnapshotFormat::kNative;
  } else if (type != "canonical") {
    return Failure(Status::InvalidArgument("a savepoint of type '" + type +
                                           "': there are canonical and native"));
  }
  auto told = std::make_shared<std::promise<Result<std::string>>>();
  auto answer = told->get_future();
  job->Savepoint(std::move(options),
                 [told](Result<std::string> path) { told->set_value(std::move(path)); });
  const Result<std::string> path = answer.get();
  if (!path.ok()) return Failure(path.status());
  return {{"ok", true}, {"path", *path}};
}

Json Answer(const Json& request, runtime::Job* job) {
  const std::string op = request.value("op", "");
  if (op == "status") return {{"ok", true}, {"status", StatusReport(job)}};
  if (op == "savepoint") return TakeSavepoint(request, false, job);
  if (op == "stop") return TakeSavepoint(request, true, job);
  if (op == "cancel") {
    job->Cancel();
    return {{"ok", true}};
  }
  return Failure(Status::InvalidArgument("unknown op '" + op +
                                         "': expected status, savepoint, stop or cancel"));
}

}  // namespace

std::string AnswerControl(const std::string& request, runtime::Job* job) {
  Json answer;
  try {
    answer = Answer(Json::parse(request), job);
  } catch (const Json::exception& error) {
    answer = Failure(Status::InvalidArgument(std::string("not a request: ") + error.what()));
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::unique_ptr<io::Listener>> ServeControl(const std::string& path, runtime::Job* job) {
  return io::Listener::OnUnixSocket(path, [job](int connection) {
    std::string buffer, line;
    while (io::ReceiveLine(connection, &buffer, &line)) {
      if (!io::SendAll(connection, AnswerControl(line, job) + "\n")) return;
    }
  });
}

}  // namespace castor::worker
