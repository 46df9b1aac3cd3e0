#include "plan/explain.h"

#include <set>

namespace castor::plan {
namespace {

// "stream-exec-group-aggregate" -> "group-aggregate"
std::string_view ShortType(const std::string& type) {
  constexpr std::string_view kPrefix = "stream-exec-";
  std::string_view text = type;
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  return text;
}

std::string DistributionText(const Distribution& distribution, const Graph& graph, int32_t input) {
  switch (distribution.kind) {
    case Distribution::Kind::kHash: {
      const Node* node = graph.Find(input);
      std::string keys;
      for (const int32_t key : distribution.keys) {
        const auto& fields = node->output_type.fields();
        const auto index = static_cast<size_t>(key);
        if (!keys.empty()) keys += ", ";
        keys += index < fields.size() ? fields[index].name : "$" + std::to_string(key);
      }
      return "by " + keys;
    }
    case Distribution::Kind::kSingleton:
      return "to one task";
    case Distribution::Kind::kBroadcast:
      return "to all tasks";
    default:
      return {};
  }
}

std::string Columns(const LogicalType& row) {
  std::string text;
  for (const LogicalType::Field& field : row.fields()) {
    if (!text.empty()) text += ", ";
    text += field.name;
  }
  return "[" + text + "]";
}

class Explainer {
 public:
  explicit Explainer(const Graph& graph) : graph_(graph) {}

  std::string Run() {
    for (const NodePtr& node : graph_.nodes) {
      if (graph_.ConsumersOf(node->id).empty()) Show(*node, "", "");
    }
    return std::move(text_);
  }

 private:
  void Show(const Node& node, const std::string& lead, const std::string& indent) {
    text_ += lead + Line(node) + "\n";
    if (!shown_.insert(node.id).second) return;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const bool last = i + 1 == node.inputs.size();
      const bool chain = node.inputs.size() == 1;
      const std::string branch = chain ? "   " : last ? "└─ " : "├─ ";
      const std::string below = chain || last ? "   " : "│  ";
      Show(*graph_.Find(node.inputs[i]), indent + (chain ? "└─ " : branch), indent + below);
    }
  }

  std::string Line(const Node& node) const {
    std::string line(ShortType(node.type));
    line += " [" + std::to_string(node.id) + "]";
    if (shown_.contains(node.id)) return line + " (shown above)";
    if (const std::string keys = ExchangeText(node); !keys.empty()) line += " " + keys;
    const size_t open = node.description.find('(');
    if (open != std::string::npos && node.type != "stream-exec-exchange") {
      line += " " + node.description.substr(open);
    }
    if (node.inputs.empty()) line += " -> " + Columns(node.output_type);
    if (node.position.line > 0) line += "  (line " + std::to_string(node.position.line) + ")";
    return line;
  }

  std::string ExchangeText(const Node& node) const {
    if (node.type != "stream-exec-exchange" || node.inputs.empty()) return {};
    return DistributionText(node.required_distributions[0], graph_, node.inputs[0]);
  }

  const Graph& graph_;
  std::set<int32_t> shown_;
  std::string text_;
};

}  // namespace

std::string Explain(const Bundle& bundle) { return Explainer(bundle.graph).Run(); }

}  // namespace castor::plan
