#include "flink/cluster/flink_job.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "flink/cluster/job_status.h"
#include "flink/cluster/settings.h"

namespace castor::flink {
namespace {

using Json = nlohmann::json;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool IsEnd(const std::string& state) {
  return state == "FINISHED" || state == "FAILED" || state == "CANCELED";
}

bool HasJob(const Json& overview, const std::string& id) {
  for (const Json& job : overview.value("jobs", Json::array())) {
    if (job.value("jid", "") == id) return true;
  }
  return false;
}

int64_t RestartsIn(const Json& metrics, int64_t before) {
  for (const Json& metric : metrics) {
    if (metric.value("id", "") != "numRestarts") continue;
    const std::string value = metric.value("value", "");
    if (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos) {
      return std::max<int64_t>(before, std::stoll(value));
    }
  }
  return before;
}

}  // namespace

struct FlinkJob::Seen {
  std::string state = "CREATED";
  bool has_run = false;
  int64_t started_at = 0;
  int64_t looked_at = 0;
  int64_t restarts = 0;
  int64_t told_failed = 0;         // checkpoints, by Flink
  int64_t failed_checkpoints = 0;  // of these, while all tasks were up
  int64_t memory_bytes = 0;
  std::string failure;
  Rows rows;
  Json checkpoints = CheckpointsOf(nullptr);
  Json operators = Json::array();
};

FlinkJob::FlinkJob(int rest_port, std::string id, std::string name)
    : rest_(rest_port),
      id_(std::move(id)),
      name_(std::move(name)),
      seen_(std::make_unique<Seen>()) {}

FlinkJob::~FlinkJob() = default;

void FlinkJob::Look(int64_t memory_bytes) {
  Seen seen;
  {
    const std::lock_guard lock(mutex_);
    seen = *seen_;
  }
  seen.looked_at = NowMs();
  seen.memory_bytes = memory_bytes;
  try {
    LookAtJob(&seen);
  } catch (const Json::exception& error) {
    std::fprintf(stderr, "an answer of the job manager cannot be read: %s\n", error.what());
  }
  const std::lock_guard lock(mutex_);
  *seen_ = std::move(seen);
}

void FlinkJob::LookAtJob(Seen* seen) {
  // A job that is not there yet, when asked for, is an error in the job manager's log.
  const auto overview = rest_.Get("/jobs/overview");
  if (!overview.ok()) return;
  const bool is_there = HasJob(*overview, id_);
  const auto details = is_there ? rest_.Get("/jobs/" + id_) : overview;
  if (is_there && details.ok()) {
    const bool was_up = seen->state == "RUNNING";
    seen->state = StateOf(*details, seen->has_run);
    seen->has_run = seen->has_run || seen->state == "RUNNING";
    seen->started_at = details->value("start-time", int64_t{0});
    if (seen->has_run) LookAtProgress(was_up, seen);
    if (seen->state == "RUNNING") LookAtVertices(*details, seen);
  } else if (!is_there) {
    LookAtApplication(seen);
  }
  if (seen->state == "FAILED" && seen->failure.empty()) {
    const auto exceptions = rest_.Get("/jobs/" + id_ + "/exceptions");
    if (exceptions.ok()) seen->failure = FailureOf(*exceptions);
    if (seen->failure.empty()) seen->failure = "the job has failed; its log says why";
  }
}

void FlinkJob::LookAtProgress(bool was_up, Seen* seen) const {
  const auto metrics = rest_.Get("/jobs/" + id_ + "/metrics?get=numRestarts");
  if (metrics.ok()) seen->restarts = RestartsIn(*metrics, seen->restarts);
  const auto checkpoints = rest_.Get("/jobs/" + id_ + "/checkpoints");
  if (!checkpoints.ok()) return;
  seen->checkpoints = CheckpointsOf(*checkpoints);
  // Flink counts those that it does not even begin, as not all tasks are up, as failed.
  const int64_t failed = seen->checkpoints["failed"].get<int64_t>();
  if (was_up && seen->state == "RUNNING") seen->failed_checkpoints += failed - seen->told_failed;
  seen->told_failed = failed;
  seen->checkpoints["failed"] = seen->failed_checkpoints;
}

void FlinkJob::LookAtApplication(Seen* seen) const {
  const auto overview = rest_.Get("/applications/overview");
  if (!overview.ok()) return;
  for (const Json& application : overview->value("applications", Json::array())) {
    const std::string status = application.value("status", "");
    if (!IsEnd(status)) continue;
    seen->state = status;
    const auto why = rest_.Get("/applications/" + application.value("id", "") + "/exceptions");
    if (status == "FAILED" && why.ok()) seen->failure = FailureOf(*why);
  }
}

void FlinkJob::LookAtVertices(const Json& details, Seen* seen) {
  Json operators = Json::array();
  Rows rows;
  for (const Json& vertex : details.value("vertices", Json::array())) {
    const std::string id = vertex.value("id", "");
    const std::string path = "/jobs/" + id_ + "/vertices/" + id + "/subtasks/metrics";
    std::string& ask = figures_to_ask_[id];
    // Sources and sinks tell their figures some time after they have begun.
    constexpr int64_t kWarmUpMs = 10'000;
    if (ask.empty() || NowMs() - seen->started_at < kWarmUpMs) {
      const auto names = rest_.Get(path);
      if (names.ok()) ask = FiguresToAsk(*names);
    }
    auto figures = rest_.Get(path + "?get=" + ask);
    if (!figures.ok()) return;  // the next look has them
    const Rows of_vertex = RowsOf(*figures);
    rows.in += of_vertex.in;
    rows.out += of_vertex.out;
    Json shown = OperatorOf(static_cast<int64_t>(operators.size()) + 1, vertex, *figures);
    shown["uid"] = id;
    shown["inputs"] = InputsOf(details, id);
    operators.push_back(std::move(shown));
  }
  seen->operators = std::move(operators);
  seen->rows = rows;
}

std::string FlinkJob::State() const {
  const std::lock_guard lock(mutex_);
  return seen_->state == "FINISHED" && stopped_ ? "STOPPED" : seen_->state;
}

bool FlinkJob::HasEnded() const {
  const std::lock_guard lock(mutex_);
  return IsEnd(seen_->state);
}

std::string FlinkJob::Failure() const {
  const std::lock_guard lock(mutex_);
  return seen_->failure;
}

Json FlinkJob::StatusJson() const {
  const std::string state = State();
  const std::lock_guard lock(mutex_);
  Json json = {{"id", id_},
               {"name", name_},
               {"pid", ::getpid()},
               {"state", state},
               {"startedAt", seen_->started_at},
               {"now", seen_->looked_at},
               {"restarts", seen_->restarts},
               {"recordsIn", seen_->rows.in},
               {"recordsOut", seen_->rows.out},
               {"checkpoints", seen_->checkpoints},
               {"stateBytes", seen_->checkpoints.value("lastFullSizeBytes", int64_t{0})},
               {"memory", {{"usedBytes", seen_->memory_bytes}, {"limitBytes", nullptr}}},
               {"operators", seen_->operators}};
  json["flinkJobId"] = id_;
  json["flinkUiUrl"] =
      fmt::format("http://127.0.0.1:{}/#/job/running/{}/overview", rest_.port(), id_);
  return json;
}

Result<std::string> FlinkJob::Savepoint(const std::string& folder, bool stop, bool drain,
                                        bool native) {
  Json body = {{"formatType", native ? "NATIVE" : "CANONICAL"}};
  if (stop) {
    body["targetDirectory"] = ToUri(folder);
    body["drain"] = drain;
    stopped_ = true;
  } else {
    body["target-directory"] = ToUri(folder);
    body["cancel-job"] = false;
  }
  const auto asked = rest_.Post("/jobs/" + id_ + (stop ? "/stop" : "/savepoints"), body);
  auto path = asked.ok() ? AwaitSavepoint(asked->value("request-id", ""))
                         : Result<std::string>(asked.status());
  if (stop && !path.ok()) stopped_ = false;
  return path;
}

Result<std::string> FlinkJob::AwaitSavepoint(const std::string& request) const {
  constexpr auto kInterval = std::chrono::milliseconds(100);
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const Json answer,
                            rest_.Get("/jobs/" + id_ + "/savepoints/" + request));
    if (answer.at("status").at("id") != "COMPLETED") {
      std::this_thread::sleep_for(kInterval);
      continue;
    }
    const Json& operation = answer.at("operation");
    if (operation.contains("location")) return ToPath(operation["location"].get<std::string>());
    const Json cause = operation.value("failure-cause", Json::object());
    return Status::IoError("Flink could not take the savepoint: " +
                           RootCause(cause.value("stack-trace", "")));
  }
}

Status FlinkJob::Cancel() { return rest_.Patch("/jobs/" + id_ + "?mode=cancel"); }

}  // namespace castor::flink
