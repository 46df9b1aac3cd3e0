#include "expr/compiler.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "expr/builder.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/literal.h"
#include "expr/not_null_default.h"

namespace castor::expr {
namespace {

using plan::Expression;
using plan::ExpressionKind;

// Whether equal expressions have equal values; others, and what reads them, are never shared.
bool IsDeterministic(const Expression& expression) {
  const std::string& function = expression.function;
  if (function == "RAND" || function == "RAND_INTEGER" || function == "UUID") return false;
  return std::ranges::all_of(expression.operands, [](const plan::ExpressionPtr& operand) {
    return IsDeterministic(*operand);
  });
}

// JSON(text) is no value: it may only stand where JSON is put together, as a value there.
bool MayHoldJson(const Expression& call, size_t operand) {
  return call.function == "JSON_ARRAY" || (call.function == "JSON_OBJECT" && operand % 2 == 0);
}

Status MisplacedJson() {
  return Status::InvalidArgument(
      "JSON() may only stand in JSON_ARRAY() or as a value of JSON_OBJECT()");
}

// CAST(TRUNCATE(decimal, places) AS text): a DECIMAL cut to places that are no literal has just
// these in Flink until it is written into a row, and its text shows them. The places; nullptr:
// another expression.
const Expression* PlacesOfText(const Expression& cast) {
  if (cast.function != "CAST" || !cast.type.IsString()) return nullptr;
  const Expression& truncate = *cast.operands[0];
  if (truncate.function != "TRUNCATE" || truncate.operands.size() != 2) return nullptr;
  const Expression& places = *truncate.operands[1];
  const bool cut =
      truncate.type.kind() == TypeKind::kDecimal && places.kind != ExpressionKind::kLiteral;
  return cut ? &places : nullptr;
}

class Compiler {
 public:
  explicit Compiler(const CompileOptions& options, Settings settings)
      : options_(options), builder_(std::move(settings)) {}

  Result<Node*> Visit(const Expression& expression) {
    const std::string key = Key(expression);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      builder_.Share(found->second);
      return found->second;
    }
    CASTOR_ASSIGN_OR_RETURN(Node * node, Build(expression));
    if (expression.kind != ExpressionKind::kLiteral) CASTOR_RETURN_NOT_OK(Fold(&node));
    if (IsDeterministic(expression)) by_key_.emplace(key, node);
    return node;
  }

  Result<Node*> VisitRoot(const Expression& expression) {
    if (expression.function == "JSON") return MisplacedJson();
    CASTOR_ASSIGN_OR_RETURN(Node * node, Visit(expression));
    return WithDefaultIfNotNull(builder_, expression, node);
  }

  CompiledNodes Take(std::vector<Node*> roots) {
    return {builder_.TakeNodes(), std::move(roots), builder_.slots()};
  }

 private:
  Result<Node*> Build(const Expression& expression) {
    switch (expression.kind) {
      case ExpressionKind::kInputRef:
        return BuildInputRef(expression);
      case ExpressionKind::kLiteral: {
        CASTOR_ASSIGN_OR_RETURN(ColumnPtr value,
                                LiteralColumn(expression.literal, expression.type));
        return builder_.Make<ConstantNode>(std::move(value));
      }
      case ExpressionKind::kFieldAccess:
        return BuildFieldAccess(expression);
      case ExpressionKind::kCall:
        return BuildCall(expression);
      case ExpressionKind::kCorrelVariable:
      case ExpressionKind::kPatternInputRef:
        break;
    }
    return Status::Unsupported("expression " + expression.ToString() + " is not supported here");
  }

  Result<Node*> BuildInputRef(const Expression& expression) {
    const auto& fields = options_.input_row.fields();
    const auto index = static_cast<size_t>(expression.index);
    if (expression.index < 0 || index >= fields.size()) {
      return Status::Internal("expression reads field " + std::to_string(expression.index) +
                              " of a row of " + std::to_string(fields.size()) + " fields");
    }
    const LogicalType& type = fields[index].type;
    Node* input = builder_.Make<InputNode>(type, expression.index);
    // The planner knows TIME of up to three digits only: a source may give what its DDL says.
    return type.kind() == TypeKind::kTime ? builder_.Make<RetypedNode>(type, input) : input;
  }

  Result<Node*> BuildFieldAccess(const Expression& expression) {
    CASTOR_ASSIGN_OR_RETURN(Node * row, Visit(*expression.operands[0]));
    return MakeFieldAccess(builder_, row, expression.name);
  }

  Result<Node*> BuildCall(const Expression& expression) {
    const FunctionEntry* entry = FindFunction(expression.function);
    if (entry == nullptr) {
      return Status::Unsupported("function " + expression.function + " (" + expression.function_id +
                                 ") is not supported");
    }
    Call call{expression, {}, builder_};
    for (const plan::ExpressionPtr& operand : expression.operands) {
      if (operand->function == "JSON" && !MayHoldJson(expression, call.operands.size())) {
        return MisplacedJson();
      }
      if (operand->kind == ExpressionKind::kLiteral && operand->literal.is_sarg) {
        // Read from the expression by SEARCH; there is no value to compute.
        call.operands.push_back(builder_.Make<ConstantNode>(Column::MakeNull(LogicalType(), 1)));
        continue;
      }
      CASTOR_ASSIGN_OR_RETURN(Node * node, Visit(*operand));
      call.operands.push_back(node);
    }
    if (const Expression* places = PlacesOfText(expression)) {
      CASTOR_ASSIGN_OR_RETURN(Node * node, Visit(*places));
      call.operands.push_back(node);
    }
    return entry->build(call);
  }

  // Replaces a node that depends on constants only by its value. One that fails stays: its error
  // belongs to the rows that need it.
  Status Fold(Node** node) {
    if (!(*node)->IsConstant()) return Status::OK();
    if (ColumnPtr value = builder_.ConstantValue(*node)) {
      *node = builder_.Make<ConstantNode>(std::move(value));
    }
    return Status::OK();
  }

  // Equal keys mean equal values: the expression's structure with its types.
  std::string Key(const Expression& e) {
    std::string key = std::to_string(static_cast<int>(e.kind)) + e.type.ToString();
    switch (e.kind) {
      case ExpressionKind::kInputRef:
        key += "#" + std::to_string(e.index);
        break;
      case ExpressionKind::kLiteral:
        AppendLiteral(e.literal, &key);
        break;
      default:
        AppendText(e.function, &key);
        AppendText(e.name, &key);
    }
    key += "(";
    for (const plan::ExpressionPtr& operand : e.operands) key += Key(*operand) + ",";
    return key + ")";
  }

  static void AppendText(const std::string& text, std::string* key) {
    *key += std::to_string(text.size()) + ":" + text;
  }

  static void AppendLiteral(const plan::Literal& literal, std::string* key) {
    *key += literal.is_null ? "n" : "v";
    AppendText(literal.text, key);
    AppendText(literal.symbol_class, key);
    if (!literal.is_sarg) return;
    AppendText(literal.sarg_null_as, key);
    for (const plan::SargRange& range : literal.ranges) {
      *key += range.lower ? (range.lower_closed ? "[" : "(") : "<";
      if (range.lower) AppendText(*range.lower, key);
      if (range.upper) AppendText(*range.upper, key);
      *key += range.upper ? (range.upper_closed ? "]" : ")") : ">";
    }
  }

  const CompileOptions& options_;
  Builder builder_;
  std::map<std::string, Node*> by_key_;
};

}  // namespace

Result<CompiledNodes> CompileNodes(std::span<const plan::ExpressionPtr> expressions,
                                   const CompileOptions& options) {
  CASTOR_ASSIGN_OR_RETURN(Settings settings, Settings::Read(options.configuration));
  Compiler compiler(options, std::move(settings));
  std::vector<Node*> roots;
  for (const plan::ExpressionPtr& expression : expressions) {
    CASTOR_ASSIGN_OR_RETURN(Node * root, compiler.VisitRoot(*expression));
    roots.push_back(root);
  }
  return compiler.Take(std::move(roots));
}

}  // namespace castor::expr
