#include "runtime/graph/job_graph.h"

#include <algorithm>
#include <optional>
#include <set>

namespace castor::runtime {
namespace {

constexpr std::string_view kExchange = "stream-exec-exchange";
constexpr std::string_view kUnion = "stream-exec-union";

// One way on which rows come to a node's input, exchanges and unions seen through.
struct Producer {
  const plan::Node* node;
  Routing routing;
  std::vector<int32_t> keys;
};

class Builder {
 public:
  Builder(const plan::Graph& plan, const GraphOptions& options) : plan_(plan), options_(options) {}

  Result<JobGraph> Build() {
    for (const plan::NodePtr& node : plan_.nodes) {
      if (Dissolves(*node)) continue;
      CASTOR_RETURN_NOT_OK(ResolveInputs(*node));
    }
    for (const plan::NodePtr& node : plan_.nodes) {
      if (!Dissolves(*node)) CASTOR_RETURN_NOT_OK(Place(*node));
    }
    return std::move(graph_);
  }

 private:
  static bool Dissolves(const plan::Node& node) {
    return node.type == kExchange || node.type == kUnion;
  }

  static Status RoutingOf(const plan::Node& exchange, Producer* producer) {
    using Kind = plan::Distribution::Kind;
    if (exchange.required_distributions.empty()) {
      return Status::InvalidArgument(exchange.Describe() + " names no distribution");
    }
    const plan::Distribution& distribution = exchange.required_distributions.front();
    switch (distribution.kind) {
      case Kind::kHash:
        producer->routing = Routing::kHash;
        producer->keys = distribution.keys;
        return Status::OK();
      case Kind::kSingleton:
        producer->routing = Routing::kHash;  // a hash of nothing: everything goes to one subtask
        producer->keys.clear();
        return Status::OK();
      case Kind::kBroadcast:
        producer->routing = Routing::kBroadcast;
        return Status::OK();
      case Kind::kAny:
      case Kind::kKeepInputAsIs:
      case Kind::kUnknown:
        break;
    }
    return Status::Unsupported("the distribution of " + exchange.Describe());
  }

  Status Resolve(int32_t id, std::vector<Producer>* out) const {
    const plan::Node* node = plan_.Find(id);
    if (node == nullptr) {
      return Status::InvalidArgument("the plan has no node " + std::to_string(id));
    }
    if (!Dissolves(*node)) {
      out->push_back({node, Routing::kForward, {}});
      return Status::OK();
    }
    const size_t first = out->size();
    for (const int32_t input : node->inputs) CASTOR_RETURN_NOT_OK(Resolve(input, out));
    if (node->type == kUnion) return Status::OK();
    // What an exchange partitions anew need not have been partitioned before.
    for (size_t i = first; i < out->size(); ++i) CASTOR_RETURN_NOT_OK(RoutingOf(*node, &(*out)[i]));
    return Status::OK();
  }

  Status ResolveInputs(const plan::Node& node) {
    auto& inputs = inputs_[node.id];
    for (const int32_t input : node.inputs) {
      inputs.emplace_back();
      CASTOR_RETURN_NOT_OK(Resolve(input, &inputs.back()));
      for (const Producer& producer : inputs.back()) ++consumers_[producer.node->id];
    }
    return Status::OK();
  }

  static bool IsSingleton(const Producer& producer) {
    return producer.routing == Routing::kHash && producer.keys.empty();
  }

  int32_t ParallelismOf(const plan::Node& node) const {
    if (const auto fixed = options_.node_parallelism.find(node.id);
        fixed != options_.node_parallelism.end()) {
      return fixed->second;
    }
    const auto& inputs = inputs_.at(node.id);
    if (inputs.empty()) {
      // Flink reads VALUES in one subtask.
      const bool scan = dynamic_cast<const plan::TableSourceScan*>(&node) != nullptr;
      return scan ? options_.parallelism : 1;
    }
    const Producer& first = inputs.front().front();
    if (IsSingleton(first)) return 1;
    if (first.routing != Routing::kForward) return options_.parallelism;
    return graph_.vertices[static_cast<size_t>(vertex_of_.at(first.node->id))].parallelism;
  }

  // The key by which rows must come to the sink, beyond what the plan's exchanges say:
  // CommonExecSink.
  Result<std::optional<std::vector<int32_t>>> SinkKey(const plan::Sink& sink, int32_t parallelism,
                                                      int32_t input_parallelism) const {
    std::optional<std::vector<int32_t>> key;
    const bool insert_only =
        std::all_of(sink.input_changelog_mode.begin(), sink.input_changelog_mode.end(),
                    [](const std::string& kind) { return kind == "INSERT"; });
    const bool differs = parallelism != input_parallelism;
    if (sink.table.primary_key.empty()) {
      if (!differs || insert_only) return key;
      return Status::InvalidArgument(
          "table " + sink.table.identifier + " has sink.parallelism " +
          std::to_string(parallelism) + ", its input has parallelism " +
          std::to_string(input_parallelism) +
          " and holds updates: declare a primary key, or leave sink.parallelism out");
    }
    bool by_key = !insert_only && sink.require_upsert_materialize;
    if (options_.sink_keyed_shuffle == "AUTO") by_key |= differs && parallelism != 1;
    if (options_.sink_keyed_shuffle == "FORCE") by_key |= parallelism != 1;
    if (by_key) key = PrimaryKeyFields(sink.table);
    return key;
  }

  static std::vector<int32_t> PrimaryKeyFields(const plan::Table& table) {
    std::vector<std::string> written;
    for (const plan::TableColumn& column : table.columns) {
      if (column.kind == plan::TableColumn::Kind::kComputed || column.is_virtual) continue;
      written.push_back(column.name);
    }
    std::vector<int32_t> fields;
    for (const std::string& name : table.primary_key) {
      const auto at = std::find(written.begin(), written.end(), name);
      fields.push_back(static_cast<int32_t>(at - written.begin()));
    }
    return fields;
  }

  Status Place(const plan::Node& node) {
    const auto* sink = dynamic_cast<const plan::Sink*>(&node);
    auto& inputs = inputs_.at(node.id);
    const int32_t parallelism = ParallelismOf(node);
    if (sink != nullptr) CASTOR_RETURN_NOT_OK(RouteToSink(*sink, parallelism, &inputs.front()));
    if (CanChain(inputs, parallelism)) {
      const int vertex = vertex_of_.at(inputs[0][0].node->id);
      graph_.vertices[static_cast<size_t>(vertex)].nodes.push_back(&node);
      vertex_of_[node.id] = vertex;
      return Status::OK();
    }
    JobVertex vertex;
    vertex.id = static_cast<int>(graph_.vertices.size());
    vertex.parallelism = parallelism;
    vertex.nodes.push_back(&node);
    vertex.inputs = static_cast<int>(inputs.size());
    vertex_of_[node.id] = vertex.id;
    graph_.vertices.push_back(std::move(vertex));
    for (size_t input = 0; input < inputs.size(); ++input) {
      for (Producer& producer : inputs[input]) Connect(node, static_cast<int>(input), producer);
    }
    return Status::OK();
  }

  // Behind a union the parallelism of the input is that of its first branch (UnionTransformation).
  Status RouteToSink(const plan::Sink& sink, int32_t parallelism,
                     std::vector<Producer>* producers) const {
    if (options_.collecting_sinks.contains(sink.id)) return Status::OK();
    const int32_t from = VertexOf(*producers->front().node).parallelism;
    CASTOR_ASSIGN_OR_RETURN(const auto key, SinkKey(sink, parallelism, from));
    if (!key.has_value()) return Status::OK();
    for (Producer& producer : *producers) {
      producer.routing = Routing::kHash;
      producer.keys = *key;
    }
    return Status::OK();
  }

  bool CanChain(const std::vector<std::vector<Producer>>& inputs, int32_t parallelism) const {
    if (inputs.size() != 1 || inputs[0].size() != 1) return false;
    const Producer& producer = inputs[0][0];
    return producer.routing == Routing::kForward && consumers_.at(producer.node->id) == 1 &&
           VertexOf(*producer.node).parallelism == parallelism;
  }

  const JobVertex& VertexOf(const plan::Node& node) const {
    return graph_.vertices[static_cast<size_t>(vertex_of_.at(node.id))];
  }

  void Connect(const plan::Node& node, int input, Producer& producer) {
    JobEdge edge;
    edge.from = vertex_of_.at(producer.node->id);
    edge.to = vertex_of_.at(node.id);
    edge.to_input = input;
    edge.keys = std::move(producer.keys);
    edge.routing = producer.routing;
    JobVertex& from = graph_.vertices[static_cast<size_t>(edge.from)];
    JobVertex& to = graph_.vertices[static_cast<size_t>(edge.to)];
    if (edge.routing == Routing::kHash && edge.keys.empty()) edge.routing = Routing::kRebalance;
    if (edge.routing == Routing::kForward && from.parallelism != to.parallelism) {
      edge.routing = Routing::kRebalance;
    }
    const int id = static_cast<int>(graph_.edges.size());
    from.out_edges.push_back(id);
    to.in_edges.push_back(id);
    graph_.edges.push_back(std::move(edge));
  }

  const plan::Graph& plan_;
  const GraphOptions& options_;
  JobGraph graph_;
  std::map<int32_t, std::vector<std::vector<Producer>>> inputs_;  // by node id, per input
  std::map<int32_t, int> consumers_;
  std::map<int32_t, int> vertex_of_;
};

}  // namespace

const plan::TableSourceScan* JobVertex::scan() const {
  return dynamic_cast<const plan::TableSourceScan*>(nodes.front());
}

const plan::Sink* JobVertex::sink() const { return dynamic_cast<const plan::Sink*>(nodes.back()); }

std::string JobVertex::Name() const {
  std::string name;
  for (const plan::Node* node : nodes) {
    if (!name.empty()) name += " -> ";
    name += node->description;
  }
  return name;
}

Result<JobGraph> BuildJobGraph(const plan::Graph& plan, const GraphOptions& options) {
  return Builder(plan, options).Build();
}

std::vector<LogicalType> InputTypes(const plan::Graph& plan, const plan::Node& node) {
  std::vector<LogicalType> types;
  for (const int32_t input : node.inputs) types.push_back(plan.Find(input)->output_type);
  return types;
}

}  // namespace castor::runtime
