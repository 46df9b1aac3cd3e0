#include "plan/node.h"

namespace castor::plan {

std::string Node::Describe() const {
  std::string text = description.empty() ? type : description;
  constexpr size_t kLimit = 200;
  if (text.size() > kLimit) text = text.substr(0, kLimit) + "...";
  if (position.line > 0) {
    text += " at line " + std::to_string(position.line);
    if (position.column > 0) text += ", column " + std::to_string(position.column);
  }
  return text;
}

int64_t Node::StateTtlMs(int32_t index) const {
  for (const StateMetadata& state : states) {
    if (state.index == index) return state.ttl_ms;
  }
  return 0;
}

const Node* Graph::Find(int32_t id) const {
  for (const NodePtr& node : nodes) {
    if (node->id == id) return node.get();
  }
  return nullptr;
}

std::vector<const Node*> Graph::ConsumersOf(int32_t id) const {
  std::vector<const Node*> consumers;
  for (const NodePtr& node : nodes) {
    for (int32_t input : node->inputs) {
      if (input == id) consumers.push_back(node.get());
    }
  }
  return consumers;
}

}  // namespace castor::plan
