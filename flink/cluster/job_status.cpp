#include "flink/cluster/job_status.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "flink/cluster/rest_client.h"
#include "flink/cluster/settings.h"

namespace castor::flink {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kTaskFigures =
    "numRecordsIn,numRecordsOut,busyTimeMsPerSecond,idleTimeMsPerSecond,"
    "backPressuredTimeMsPerSecond";
constexpr std::string_view kSource = "Source__", kSink = "Sink__";
constexpr std::string_view kIn = ".numRecordsIn", kOut = ".numRecordsOut";

// Of an operator, not of a part of it.
bool IsFigureOf(std::string_view name, std::string_view kind, std::string_view figure) {
  return name.starts_with(kind) && name.ends_with(figure) &&
         name.find(".split.") == std::string_view::npos;
}

bool IsRowsFigure(std::string_view name) {
  return IsFigureOf(name, kSource, kOut) || IsFigureOf(name, kSink, kIn);
}

// The figure of all subtasks, as `how` says: sum, avg, max. -1: there is none.
int64_t Figure(const Json& figures, std::string_view name, const char* how) {
  for (const Json& figure : figures) {
    if (figure.value("id", "") != name) continue;
    const auto value = figure.find(how);
    if (value != figure.end() && value->is_number()) return value->get<int64_t>();
  }
  return -1;
}

bool IsUp(const Json& vertex) {
  const std::string status = vertex.value("status", "");
  return status == "RUNNING" || status == "FINISHED";
}

void AddIfKnown(const char* name, int64_t value, Json* json) {
  if (value >= 0) (*json)[name] = value;
}

}  // namespace

std::string StateOf(const Json& details, bool has_run) {
  const std::string state = details.value("state", "");
  if (state == "FINISHED" || state == "CANCELED" || state == "FAILED") return state;
  if (state == "FAILING" || state == "RESTARTING") return "RESTARTING";
  if (state == "CANCELLING") return "RUNNING";
  const Json vertices = details.value("vertices", Json::array());
  const bool all_up = state == "RUNNING" && std::all_of(vertices.begin(), vertices.end(), IsUp);
  if (all_up) return "RUNNING";
  return has_run ? "RESTARTING" : "CREATED";
}

Json CheckpointsOf(const Json& checkpoints) {
  Json json = {{"completed", 0}, {"failed", 0}, {"inProgress", 0}, {"lastPath", nullptr}};
  if (!checkpoints.is_object()) return json;
  const Json counts = checkpoints.value("counts", Json::object());
  json["completed"] = counts.value("completed", 0);
  json["failed"] = counts.value("failed", 0);
  json["inProgress"] = counts.value("in_progress", 0);
  const Json latest = checkpoints.value("latest", Json::object()).value("completed", Json());
  if (!latest.is_object()) return json;
  json["lastDurationMs"] = latest.value("end_to_end_duration", 0);
  json["lastSizeBytes"] = latest.value("checkpointed_size", 0);
  json["lastFullSizeBytes"] = latest.value("state_size", 0);
  json["lastPath"] = ToPath(latest.value("external_path", ""));
  return json;
}

Json InputsOf(const Json& details, const std::string& vertex) {
  std::map<std::string, int64_t> numbers;
  for (const Json& each : details.value("vertices", Json::array())) {
    numbers.emplace(each.value("id", ""), static_cast<int64_t>(numbers.size()) + 1);
  }
  Json inputs = Json::array();
  const Json plan = details.value("plan", Json::object());
  for (const Json& node : plan.value("nodes", Json::array())) {
    if (node.value("id", "") != vertex) continue;
    for (const Json& input : node.value("inputs", Json::array())) {
      inputs.push_back({{"node", numbers[input.value("id", "")]},
                        {"shipStrategy", input.value("ship_strategy", "FORWARD")}});
    }
  }
  return inputs;
}

std::string FiguresToAsk(const Json& names) {
  std::string ask(kTaskFigures);
  // A comma would divide a name, and what is no letter of an address would have to be encoded.
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
  for (const Json& name : names) {
    const std::string id = name.value("id", "");
    if (!IsRowsFigure(id)) continue;
    ask += ',';
    for (const char c : id) {
      constexpr const char* kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      if (kPlain.find(c) != std::string_view::npos) {
        ask += c;
      } else {
        ask += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
      }
    }
  }
  return ask;
}

Json OperatorOf(int64_t number, const Json& vertex, const Json& figures) {
  Json json = {{"node", number},
               {"name", vertex.value("name", "")},
               {"type", "flink-vertex"},
               {"subtasks", vertex.value("parallelism", 1)},
               {"recordsIn", std::max<int64_t>(0, Figure(figures, "numRecordsIn", "sum"))},
               {"recordsOut", std::max<int64_t>(0, Figure(figures, "numRecordsOut", "sum"))},
               {"watermark", nullptr}};
  AddIfKnown("busyMsPerSecond", Figure(figures, "busyTimeMsPerSecond", "avg"), &json);
  AddIfKnown("idleMsPerSecond", Figure(figures, "idleTimeMsPerSecond", "avg"), &json);
  AddIfKnown("backPressuredMsPerSecond", Figure(figures, "backPressuredTimeMsPerSecond", "avg"),
             &json);
  AddIfKnown("busiestSubtaskMsPerSecond", Figure(figures, "busyTimeMsPerSecond", "max"), &json);
  return json;
}

Rows RowsOf(const Json& figures) {
  Rows rows;
  for (const Json& figure : figures) {
    const std::string id = figure.value("id", "");
    // What is not known yet is a text: "NaN".
    const auto sum = figure.find("sum");
    if (sum == figure.end() || !sum->is_number()) continue;
    if (IsFigureOf(id, kSource, kOut)) rows.in += sum->get<int64_t>();
    if (IsFigureOf(id, kSink, kIn)) rows.out += sum->get<int64_t>();
  }
  return rows;
}

std::string FailureOf(const Json& exceptions) {
  const Json history = exceptions.value("exceptionHistory", Json::object());
  const Json entries = history.value("entries", Json::array());
  if (entries.empty()) return "";
  return RootCause(entries.front().value("stacktrace", ""));
}

}  // namespace castor::flink
