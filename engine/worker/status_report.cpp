#include "worker/status_report.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "io/file_system.h"

namespace castor::worker {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::map<std::string, int64_t>;

Values ToValues(const std::vector<MetricGroup::Sample>& samples) {
  Values values;
  for (const auto& sample : samples) values[sample.name] = sample.value;
  return values;
}

int64_t Of(const Values& values, const std::string& name, int64_t fallback = 0) {
  const auto found = values.find(name);
  return found == values.end() ? fallback : found->second;
}

// What no row has moved yet, and the end of time, have no number.
Json WatermarkJson(int64_t watermark) {
  if (watermark == kMinTimestamp) return nullptr;
  if (watermark == kMaxWatermark) return "end";
  return watermark;
}

// The subtasks of one operator together.
struct OperatorTotals {
  runtime::OperatorScope scope;
  int64_t subtasks = 0;
  Values sums;
  int64_t watermark = kMaxWatermark;
  bool has_watermark = false;
  int64_t busiest = 0;

  void Add(const Values& values) {
    ++subtasks;
    for (const auto& [name, value] : values) {
      if (name != "currentInputWatermark" && name != "currentOutputWatermark") sums[name] += value;
    }
    busiest = std::max(busiest, Of(values, "busyTimeMsPerSecond"));
    if (!values.contains("currentOutputWatermark")) return;
    has_watermark = true;
    watermark = std::min(watermark, Of(values, "currentOutputWatermark"));
  }

  Json ToJson() const {
    Json json = {{"node", scope.node},
                 {"name", scope.name},
                 {"type", scope.type},
                 {"subtasks", subtasks},
                 {"recordsIn", Of(sums, "numRecordsIn")},
                 {"recordsOut", Of(sums, "numRecordsOut")},
                 {"lateRecordsDropped", Of(sums, "numLateRecordsDropped")},
                 {"badRecords", Of(sums, "numRecordsInErrors")},
                 {"watermark", has_watermark ? WatermarkJson(watermark) : Json(nullptr)}};
    if (sums.contains("busyTimeMsPerSecond")) {
      json["busyMsPerSecond"] = Of(sums, "busyTimeMsPerSecond") / subtasks;
      json["idleMsPerSecond"] = Of(sums, "idleTimeMsPerSecond") / subtasks;
      json["backPressuredMsPerSecond"] = Of(sums, "backPressuredTimeMsPerSecond") / subtasks;
      json["busiestSubtaskMsPerSecond"] = busiest;
    }
    return json;
  }
};

Json CheckpointJson(runtime::Job* job, const Values& values) {
  const auto latest = job->latest_checkpoint();
  return {{"completed", Of(values, "numberOfCompletedCheckpoints")},
          {"failed", Of(values, "numberOfFailedCheckpoints")},
          {"inProgress", Of(values, "numberOfInProgressCheckpoints")},
          {"lastDurationMs", Of(values, "lastCheckpointDuration")},
          {"lastSizeBytes", Of(values, "lastCheckpointSize")},
          {"lastFullSizeBytes", Of(values, "lastCheckpointFullSize")},
          {"lastPath", latest ? Json(*latest) : Json(nullptr)}};
}

Json MemoryJson() {
  const int64_t limit = MemoryAccount::Process().limit();
  return {{"usedBytes", MemoryAccount::Process().used()},
          {"limitBytes", limit == MemoryAccount::kUnlimited ? Json(nullptr) : Json(limit)},
          {"stateBytes", MemoryAccount::State().used()},
          {"bufferBytes", MemoryAccount::Buffers().used()}};
}

}  // namespace

Json StatusReport(runtime::Job* job) {
  std::map<int32_t, OperatorTotals> totals;
  for (const auto& op : job->metrics().CollectOperators()) {
    OperatorTotals& of_node = totals[op.scope.node];
    of_node.scope = op.scope;
    of_node.Add(ToValues(op.samples));
  }
  Json operators = Json::array();
  int64_t in = 0;
  int64_t out = 0;
  for (const auto& [node, op] : totals) {
    operators.push_back(op.ToJson());
    if (op.scope.type == "stream-exec-table-source-scan") in += Of(op.sums, "numRecordsOut");
    if (op.scope.type == "stream-exec-sink") out += Of(op.sums, "numRecordsOut");
  }
  const Values of_job = ToValues(job->metrics().job().Collect());
  return {{"id", job->id()},
          {"name", job->name()},
          {"pid", ::getpid()},
          {"state", runtime::StateName(job->state())},
          {"startedAt", job->started_at()},
          {"now", Clock::System().NowMs()},
          {"restarts", job->restarts()},
          {"recordsIn", in},
          {"recordsOut", out},
          {"checkpoints", CheckpointJson(job, of_job)},
          {"stateBytes", Of(of_job, "stateSize")},
          {"memory", MemoryJson()},
          {"operators", std::move(operators)}};
}

Status WriteReport(const std::string& path, runtime::Job* job, const Status& end) {
  Json report = Json::object();
  if (!end.ok()) {
    report["error"] = {{"code", StatusCodeName(end.code())}, {"message", end.message()}};
  }
  if (job != nullptr) report["status"] = StatusReport(job);
  return io::WriteFileAtomically(io::LocalFileSystem(), path,
                                 report.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace castor::worker
