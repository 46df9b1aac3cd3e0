#include "plan/graph_reader.h"

#include <charconv>
#include <set>

#include "base/configuration.h"
#include "plan/nodes/join.h"
#include "plan/nodes/readers.h"
#include "plan/type_reader.h"

namespace castor::plan {
namespace {

struct NodeType {
  std::string name;
  int32_t version = 0;
};

// "stream-exec-calc_1"
NodeType SplitType(const std::string& text) {
  const size_t underscore = text.rfind('_');
  NodeType type{text.substr(0, underscore), 0};
  if (underscore != std::string::npos) {
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data() + underscore + 1, end, type.version).ptr != end) {
      type.version = 0;
    }
  }
  return type;
}

Distribution ReadDistribution(const JsonValue& value) {
  JsonObject object(value);
  Distribution distribution;
  const std::string type = object.Get("type").String();
  if (type == "HASH") {
    distribution.kind = Distribution::Kind::kHash;
    distribution.keys = object.Find("keys").Ints();
  } else if (type == "SINGLETON") {
    distribution.kind = Distribution::Kind::kSingleton;
  } else if (type == "BROADCAST") {
    distribution.kind = Distribution::Kind::kBroadcast;
  } else if (type == "UNKNOWN") {
    distribution.kind = Distribution::Kind::kUnknown;
  } else if (type == "KEEP_INPUT_AS_IS") {
    distribution.kind = Distribution::Kind::kKeepInputAsIs;
    object.Ignore({"inputDistribution", "isStrict"});
  } else if (type != "ANY") {
    value.FailUnsupported("distribution '" + type + "' is not supported");
  }
  return distribution;
}

std::vector<Distribution> ReadInputProperties(const JsonValue& value) {
  std::vector<Distribution> distributions;
  for (const JsonValue& item : value.Items()) {
    JsonObject property(item);
    // Both matter to batch scheduling only.
    property.Ignore({"damBehavior", "priority"});
    distributions.push_back(ReadDistribution(property.Get("requiredDistribution")));
  }
  return distributions;
}

std::vector<StateMetadata> ReadStates(const JsonValue& value) {
  std::vector<StateMetadata> states;
  for (const JsonValue& item : value.Items()) {
    JsonObject object(item);
    StateMetadata state;
    state.index = object.Get("index").Int();
    state.name = object.Get("name").String();
    const JsonValue ttl = object.Get("ttl");
    Result<int64_t> ttl_ms = ParseDurationMs(ttl.String());
    if (ttl_ms.ok()) {
      state.ttl_ms = *ttl_ms;
    } else {
      ttl.Fail(ttl_ms.status());
    }
    states.push_back(std::move(state));
  }
  return states;
}

void ReadCommonFields(JsonObject& fields, Node* node) {
  node->output_type = ReadRowType(fields.Get("outputType"));
  node->required_distributions = ReadInputProperties(fields.Find("inputProperties"));
  node->configuration = fields.Find("configuration").StringMap();
  node->states = ReadStates(fields.Find("state"));
}

// Names the node before anything in it is read, so that problems can say where they are.
std::string PlaceOf(const NodeType& type, const JsonValue& description,
                    const NodeIdentity* identity) {
  Node named;
  named.type = type.name;
  if (description.present()) named.description = description.String();
  if (identity != nullptr) named.position = identity->position;
  return named.Describe() + ":";
}

const NodeIdentity* FindIdentity(const std::map<int32_t, NodeIdentity>& identities, int32_t id) {
  const auto it = identities.find(id);
  return it == identities.end() ? nullptr : &it->second;
}

NodePtr ReadNode(const JsonValue& value, const NodeReadContext& context,
                 const std::map<int32_t, NodeIdentity>& identities) {
  JsonObject head(value);
  const int32_t id = head.Get("id").Int();
  const NodeType type = SplitType(head.Get("type").String());
  const JsonValue description = head.Find("description");
  const NodeIdentity* identity = FindIdentity(identities, id);
  const JsonValue placed = value.At(PlaceOf(type, description, identity));

  NodePtr node;
  if (const NodeReader reader = FindNodeReader(type.name, type.version)) {
    JsonObject fields(placed);
    fields.Ignore({"id", "type", "description"});
    node = reader(fields, context);
    ReadCommonFields(fields, node.get());
  } else {
    placed.FailUnsupported("plan node '" + type.name + "' version " + std::to_string(type.version) +
                           " is not supported");
    node = std::make_unique<Node>();
  }
  head.IgnoreAll();
  node->id = id;
  node->type = type.name;
  node->version = type.version;
  if (description.present()) node->description = description.String();
  if (identity != nullptr) {
    node->uid = identity->uid;
    node->aliases = identity->aliases;
    node->insert_only = identity->insert_only;
    node->fingerprint = identity->fingerprint;
    node->position = identity->position;
  }
  return node;
}

// Exchange nodes say how rows are partitioned, so edges of stream plans never do.
void CheckShuffle(JsonObject& edge) {
  JsonObject shuffle(edge.Get("shuffle"));
  const std::string type = shuffle.Get("type").String();
  if (type != "FORWARD") edge.value().FailUnsupported("shuffle '" + type + "' on an edge");
  const std::string mode = edge.Get("shuffleMode").String();
  if (mode != "PIPELINED") edge.value().FailUnsupported("shuffle mode '" + mode + "' on an edge");
}

void ReadEdges(const JsonValue& value, Graph* graph) {
  std::map<int32_t, size_t> order;
  for (const NodePtr& node : graph->nodes) order.emplace(node->id, order.size());
  for (const JsonValue& item : value.Items()) {
    JsonObject edge(item);
    const int32_t source = edge.Get("source").Int();
    const int32_t target = edge.Get("target").Int();
    CheckShuffle(edge);
    const auto from = order.find(source);
    const auto to = order.find(target);
    if (from == order.end() || to == order.end() || from->second >= to->second) {
      item.FailMalformed("an edge from a node to one listed after it");
      continue;
    }
    graph->nodes[to->second]->inputs.push_back(source);
  }
}

// How a join keeps rows depends on whether they can be taken back.
void TellJoins(Graph* graph) {
  for (const NodePtr& node : graph->nodes) {
    auto* join = dynamic_cast<Join*>(node.get());
    if (join == nullptr || join->inputs.size() != 2) continue;
    const Node* left = graph->Find(join->inputs[0]);
    const Node* right = graph->Find(join->inputs[1]);
    join->left_insert_only = left != nullptr && left->insert_only;
    join->right_insert_only = right != nullptr && right->insert_only;
  }
}

void CheckInputs(const JsonValue& plan, const Graph& graph) {
  std::set<int32_t> ids;
  for (const NodePtr& node : graph.nodes) {
    const bool fresh = ids.insert(node->id).second;
    // Sources of plans by older planners list a property though they have no input.
    const bool properties_fit =
        node->inputs.empty() || node->inputs.size() == node->required_distributions.size();
    if (!fresh || !properties_fit) {
      plan.FailMalformed("unique node ids and one input property per edge (node " +
                         std::to_string(node->id) + ")");
      return;
    }
  }
}

}  // namespace

Graph ReadGraph(const JsonValue& plan, const std::map<std::string, Table>& tables,
                const std::map<int32_t, NodeIdentity>& identities) {
  Graph graph;
  JsonObject object(plan);
  object.Ignore({"flinkVersion"});
  const NodeReadContext context{tables};
  for (const JsonValue& item : object.Get("nodes").Items()) {
    graph.nodes.push_back(ReadNode(item, context, identities));
    if (plan.failed()) return graph;
  }
  ReadEdges(object.Get("edges"), &graph);
  TellJoins(&graph);
  if (!plan.failed()) CheckInputs(plan, graph);
  return graph;
}

}  // namespace castor::plan
