#include "flink/cluster/control.h"

#include <nlohmann/json.hpp>

namespace castor::flink {
namespace {

using Json = nlohmann::json;

Json Failure(const Status& status) {
  return {{"ok", false},
          {"error", {{"code", StatusCodeName(status.code())}, {"message", status.message()}}}};
}

// Flink's asynchronous state has no canonical format, and whatever job it is has a native one.
Json TakeSavepoint(const Json& request, bool stop, FlinkJob* job) {
  const std::string type = request.value("type", "native");
  if (type != "native" && type != "canonical") {
    return Failure(Status::InvalidArgument("a savepoint of type '" + type +
                                           "': there are canonical and native"));
  }
  const auto path = job->Savepoint(request.value("directory", ""), stop,
                                   request.value("drain", false), type == "native");
  if (!path.ok()) return Failure(path.status());
  return {{"ok", true}, {"path", *path}};
}

Json Answer(const Json& request, FlinkJob* job, const std::function<void()>& cancel) {
  const std::string op = request.value("op", "");
  if (op == "status") return {{"ok", true}, {"status", job->StatusJson()}};
  if (op == "savepoint") return TakeSavepoint(request, false, job);
  if (op == "stop") return TakeSavepoint(request, true, job);
  if (op == "cancel") {
    cancel();
    return {{"ok", true}};
  }
  return Failure(Status::InvalidArgument("unknown op '" + op +
                                         "': expected status, savepoint, stop or cancel"));
}

}  // namespace

std::string AnswerControl(const std::string& request, FlinkJob* job,
                          const std::function<void()>& cancel) {
  Json answer;
  try {
    answer = Answer(Json::parse(request), job, cancel);
  } catch (const Json::exception& error) {
    answer = Failure(Status::InvalidArgument(std::string("not a request: ") + error.what()));
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace castor::flink
