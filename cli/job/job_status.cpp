#include "cli/job/job_status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace castor::cli {
namespace {

using Json = nlohmann::json;

std::optional<int64_t> ReadNumber(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<int64_t>();
}

OperatorStatus ReadOperator(const Json& json) {
  OperatorStatus op;
  op.node = json.value("node", int64_t{0});
  op.name = json.value("name", "");
  op.subtasks = json.value("subtasks", int64_t{0});
  op.records_in = json.value("recordsIn", int64_t{0});
  op.records_out = json.value("recordsOut", int64_t{0});
  op.late_records = json.value("lateRecordsDropped", int64_t{0});
  op.bad_records = json.value("badRecords", int64_t{0});
  op.watermark_ms = ReadNumber(json, "watermark");
  op.busy_ms_per_second = ReadNumber(json, "busyMsPerSecond");
  op.idle_ms_per_second = ReadNumber(json, "idleMsPerSecond");
  op.back_pressured_ms_per_second = ReadNumber(json, "backPressuredMsPerSecond");
  op.busiest_subtask_ms_per_second = ReadNumber(json, "busiestSubtaskMsPerSecond");
  op.uid = json.value("uid", "");
  for (const Json& input : json.value("inputs", Json::array())) {
    op.inputs.push_back({.node = input.value("node", int64_t{0}),
                         .ship_strategy = input.value("shipStrategy", "FORWARD")});
  }
  return op;
}

void AddWatermark(const OperatorStatus& op, JobStatus* status) {
  if (!op.watermark_ms) return;
  status->watermark_ms =
      std::min(status->watermark_ms.value_or(*op.watermark_ms), *op.watermark_ms);
}

bool HasEnded(const Json& operators) {
  return std::any_of(operators.begin(), operators.end(), [](const Json& op) {
    return op.contains("watermark") && op["watermark"] == "end";
  });
}

void ReadCheckpoints(const Json& json, JobStatus* status) {
  status->completed_checkpoints = json.value("completed", int64_t{0});
  status->failed_checkpoints = json.value("failed", int64_t{0});
  status->checkpoint_ms = json.value("lastDurationMs", int64_t{0});
  status->checkpoint_bytes = json.value("lastSizeBytes", int64_t{0});
  status->checkpoint_full_bytes = json.value("lastFullSizeBytes", status->checkpoint_bytes);
  if (json.contains("lastPath") && json["lastPath"].is_string()) {
    status->checkpoint_path = json["lastPath"];
  }
}

JobStatus ReadStatus(const Json& json) {
  JobStatus status;
  status.name = json.value("name", "");
  status.state = json.value("state", "");
  status.now_ms = json.value("now", int64_t{0});
  status.started_at_ms = json.value("startedAt", int64_t{0});
  status.restarts = json.value("restarts", int64_t{0});
  status.records_in = json.value("recordsIn", int64_t{0});
  status.records_out = json.value("recordsOut", int64_t{0});
  status.state_bytes = json.value("stateBytes", int64_t{0});
  status.flink_job_id = json.value("flinkJobId", "");
  status.flink_ui_url = json.value("flinkUiUrl", "");
  ReadCheckpoints(json.at("checkpoints"), &status);
  const Json& memory = json.at("memory");
  status.memory_bytes = memory.value("usedBytes", int64_t{0});
  if (memory["limitBytes"].is_number()) status.memory_limit = memory["limitBytes"];
  for (const Json& op : json.at("operators")) {
    status.operators.push_back(ReadOperator(op));
    AddWatermark(status.operators.back(), &status);
  }
  status.input_ended = !status.watermark_ms && HasEnded(json.at("operators"));
  return status;
}

// Calls `read` on a successful answer; the worker's error otherwise.
template <typename T, typename Read>
Result<T> ReadWith(std::string_view line, const Read& read) {
  try {
    const Json json = Json::parse(line);
    if (json.value("ok", false)) return read(json);
    return Status::InvalidArgument(json.at("error").at("message").get<std::string>());
  } catch (const Json::exception& error) {
    return Status::Internal(std::string("the worker's answer cannot be read: ") + error.what());
  }
}

}  // namespace

int64_t JobStatus::late_records() const {
  int64_t sum = 0;
  for (const OperatorStatus& op : operators) sum += op.late_records;
  return sum;
}

int64_t JobStatus::bad_records() const {
  int64_t sum = 0;
  for (const OperatorStatus& op : operators) sum += op.bad_records;
  return sum;
}

const OperatorStatus* JobStatus::busiest() const {
  const OperatorStatus* busiest = nullptr;
  for (const OperatorStatus& op : operators) {
    if (!op.busy_ms_per_second) continue;
    if (busiest == nullptr || *op.busy_ms_per_second > *busiest->busy_ms_per_second) busiest = &op;
  }
  return busiest;
}

Result<JobStatus> ReadStatusAnswer(std::string_view line) {
  return ReadWith<JobStatus>(line, [](const Json& json) { return ReadStatus(json.at("status")); });
}

Result<std::string> ReadPathAnswer(std::string_view line) {
  return ReadWith<std::string>(line,
                               [](const Json& json) { return json.at("path").get<std::string>(); });
}

Status ReadAnswer(std::string_view line) {
  return ReadWith<bool>(line, [](const Json&) { return true; }).status();
}

}  // namespace castor::cli
