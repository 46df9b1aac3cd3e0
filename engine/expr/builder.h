// How functions become nodes: what a function's entry is given and what it may use to build.
//
// Entries check what the planner could not have checked for this engine (types it does not hold,
// options it does not know) and answer kUnsupported naming the function; they insert the casts that
// Flink's code generation does implicitly. Nodes belong to the builder, later to the program.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/node.h"
#include "expr/settings.h"
#include "plan/expression.h"

namespace castor::expr {

class Builder {
 public:
  explicit Builder(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }

  template <typename N, typename... Args>
  Node* Make(Args&&... args) {
    nodes_.push_back(std::make_unique<N>(std::forward<Args>(args)...));
    return nodes_.back().get();
  }

  // `operand` as a value of `type`; itself if that changes nothing. A null result of a failing cast
  // is chosen by `try_cast`. Equal casts of a node are made once.
  Result<Node*> Cast(Node* operand, const LogicalType& type, bool try_cast = false);

  // The value of a node that is constant, as a column of one row; for functions that prepare
  // something from a literal (patterns, formats, units). nullptr for other nodes.
  ColumnPtr ConstantValue(Node* node);

  // To be called when a node gets another reader: it then keeps its value during a call.
  void Share(Node* node);

  std::vector<std::unique_ptr<Node>> TakeNodes() { return std::move(nodes_); }
  int32_t slots() const { return slots_; }

 private:
  const Settings settings_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<std::pair<Node*, std::string>, Node*> casts_;
  std::set<Node*> shared_;
  int32_t slots_ = 0;
};

// One call of a plan, its operands built already.
struct Call {
  const plan::Expression& expression;
  std::vector<Node*> operands;
  Builder& builder;

  const LogicalType& type() const { return expression.type; }
  const std::string& function() const { return expression.function; }
  size_t arity() const { return operands.size(); }
  const LogicalType& operand_type(size_t i) const { return operands[i]->type(); }
  bool IsLiteral(size_t i) const {
    return expression.operands[i]->kind == plan::ExpressionKind::kLiteral;
  }

  // "function F(BIGINT, STRING) is not supported: <why>".
  Status Unsupported(std::string_view why) const;
};

using BuildFunction = Result<Node*> (*)(Call& call);

struct FunctionEntry {
  std::string_view name;  // as in plan::Expression::function
  BuildFunction build;
};

}  // namespace castor::expr
