#include "platform/api/job_graph.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

// "stream-exec-group-aggregate_1" is a "group-aggregate".
std::string ShortType(std::string type) {
  constexpr std::string_view kPrefix = "stream-exec-";
  if (type.starts_with(kPrefix)) type.erase(0, kPrefix.size());
  const size_t version = type.rfind('_');
  return version == std::string::npos ? type : type.substr(0, version);
}

bool IsWay(const std::string& type) { return type == "exchange" || type == "union"; }

std::string ShortName(const std::string& description) {
  return description.substr(0, description.find('('));
}

// How an exchange distributes rows.
std::string DistributionOf(const Json& node) {
  for (const Json& input : node.value("inputProperties", Json::array())) {
    return input.at("requiredDistribution").value("type", "UNKNOWN");
  }
  return "UNKNOWN";
}

struct GraphReader {
  const Json& bundle;
  std::map<int64_t, const Json*> operators = {};               // by node
  std::map<int64_t, std::pair<std::string, Json>> nodes = {};  // type and node, by number
  std::map<int64_t, std::vector<int64_t>> inputs = {};         // of each node
  Json edges = Json::array();

  void ReadPlan() {
    for (const Json& op : bundle.at("operators")) operators[op.at("nodeId")] = &op;
    const Json& plan = bundle.at("plan");
    for (const Json& node : plan.at("nodes")) {
      nodes[NumberOf(node.at("id"))] = {ShortType(node.at("type")), node};
    }
    for (const Json& edge : plan.at("edges")) {
      inputs[NumberOf(edge.at("target"))].push_back(NumberOf(edge.at("source")));
    }
  }

  static int64_t NumberOf(const Json& id) {
    return id.is_string() ? std::stoll(id.get<std::string>()) : id.get<int64_t>();
  }

  Json Vertex(int64_t number) const {
    const auto& [type, node] = nodes.at(number);
    const auto description = node.at("description").get<std::string>();
    const auto op = operators.find(number);
    return {{"id", std::to_string(number)},
            {"name", ShortName(description)},
            {"description", description},
            {"type", type},
            {"uid", op == operators.end() ? "" : op->second->value("uid", "")},
            {"stateful", op != operators.end() && op->second->value("stateful", false)}};
  }

  // The edges into `target` that come by way of `at`, or from it if it is an operator.
  void AddEdges(int64_t target, int64_t at, const std::string& strategy) {
    const auto& [type, node] = nodes.at(at);
    if (!IsWay(type)) {
      edges.push_back({{"source", std::to_string(at)},
                       {"target", std::to_string(target)},
                       {"shipStrategy", strategy}});
      return;
    }
    const std::string way = type == "exchange" ? DistributionOf(node) : strategy;
    for (const int64_t input : inputs[at]) AddEdges(target, input, way);
  }

  Json Read() {
    ReadPlan();
    Json vertices = Json::array();
    for (const auto& [number, node] : nodes) {
      if (IsWay(node.first)) continue;
      vertices.push_back(Vertex(number));
      for (const int64_t input : inputs[number]) AddEdges(number, input, "FORWARD");
    }
    return {{"vertices", std::move(vertices)}, {"edges", std::move(edges)}};
  }
};

void AddIfKnown(const char* name, std::optional<double> value, Json* metrics) {
  if (value) (*metrics)[name] = *value;
}

Json MetricsOf(const cli::OperatorStatus& op, const JobFigures& figures) {
  using O = cli::OperatorStatus;
  const auto rate = [&](int64_t O::* counter) {
    return PerSecond(figures.before.get(), *figures.status, op, counter);
  };
  Json metrics = {{"numRecordsIn", op.records_in},
                  {"numRecordsOut", op.records_out},
                  {"numLateRecordsDropped", op.late_records}};
  AddIfKnown("numRecordsInPerSecond", rate(&O::records_in), &metrics);
  AddIfKnown("numRecordsOutPerSecond", rate(&O::records_out), &metrics);
  AddIfKnown("busyTimeMsPerSecond", op.busy_ms_per_second, &metrics);
  AddIfKnown("idleTimeMsPerSecond", op.idle_ms_per_second, &metrics);
  AddIfKnown("backPressuredTimeMsPerSecond", op.back_pressured_ms_per_second, &metrics);
  AddIfKnown("busiestSubtaskTimeMsPerSecond", op.busiest_subtask_ms_per_second, &metrics);
  return metrics;
}

}  // namespace

Result<Json> GraphOf(const std::string& bundle) {
  try {
    const Json json = Json::parse(bundle);
    return GraphReader{json}.Read();
  } catch (const std::exception& error) {
    return Status::Corruption(std::string("the plan cannot be read: ") + error.what());
  }
}

Json FlinkGraph(const cli::JobStatus* status) {
  Json vertices = Json::array(), edges = Json::array();
  if (status == nullptr) return {{"vertices", vertices}, {"edges", edges}};
  for (const cli::OperatorStatus& op : status->operators) {
    const std::string id = std::to_string(op.node);
    vertices.push_back({{"id", id},
                        {"name", op.name},
                        {"description", op.name},
                        {"type", "flink-vertex"},
                        {"uid", op.uid},
                        {"stateful", false}});
    for (const cli::OperatorInput& input : op.inputs) {
      edges.push_back({{"source", std::to_string(input.node)},
                       {"target", id},
                       {"shipStrategy", input.ship_strategy}});
    }
  }
  return {{"vertices", vertices}, {"edges", edges}};
}

Json VerticesStatus(const Json& graph, const JobFigures& figures) {
  std::map<std::string, const cli::OperatorStatus*> operators;
  for (const cli::OperatorStatus& op : figures.status->operators) {
    operators[std::to_string(op.node)] = &op;
  }
  // Who measures no times of its own runs in the chain of its one producer.
  std::map<std::string, std::string> chains;
  for (const Json& edge : graph.at("edges")) chains[edge.at("target")] = edge.at("source");
  const auto chain_of = [&](std::string id) {
    while (operators.contains(id) && !operators[id]->busy_ms_per_second && chains.contains(id)) {
      id = chains[id];
    }
    return id;
  };
  Json vertices = Json::array();
  for (const Json& vertex : graph.at("vertices")) {
    const auto id = vertex.at("id").get<std::string>();
    const auto found = operators.find(id);
    if (found == operators.end()) continue;
    const cli::OperatorStatus& op = *found->second;
    Json status = {{"id", id}, {"parallelism", op.subtasks}, {"chain", chain_of(id)}};
    if (op.watermark_ms) status["watermark"] = *op.watermark_ms;
    status["metrics"] = MetricsOf(op, figures);
    vertices.push_back(std::move(status));
  }
  return vertices;
}

}  // namespace castor::platform
