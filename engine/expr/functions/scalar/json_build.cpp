// SQL/JSON construction: JSON_OBJECT, JSON_ARRAY, JSON_STRING and JSON: the generators of their
// calls over SqlJsonUtils.serializeJson, which orders the members of objects by key.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expr/functions/json_text.h"
#include "expr/functions/registry.h"
#include "expr/json/document.h"
#include "expr/json/writer.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// What is JSON already.
void AppendRaw(const Column& column, int32_t row, std::string* out) {
  *out += At<StringRef>(column, row).view();
}

// A nested value as JSON text; NULL of NULL.
class JsonTextNode final : public Node {
 public:
  JsonTextNode(LogicalType type, Node* operand) : Node(std::move(type), {operand}) {}
  bool CanFail() const override { return true; }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr texts, JsonTexts(column, rows.count));
    return texts->WithType(type());
  }
};

// How operand `i` is appended; nested ones become texts first.
Result<AppendJson> AppendOf(Call& call, size_t i) {
  const plan::Expression& operand = *call.expression.operands[i];
  const LogicalType& type = call.operand_type(i);
  const bool raw = operand.function == "JSON_OBJECT" || operand.function == "JSON_ARRAY" ||
                   operand.function == "JSON";
  if (raw && type.IsString()) return AppendJson{AppendRaw};
  if (!HasJsonForm(type)) return call.Unsupported("values of " + type.ToString() + " in JSON");
  if (const AppendJson scalar = ScalarAsJson(type); scalar.call != nullptr) return scalar;
  call.operands[i] = call.builder.Make<JsonTextNode>(LogicalType::String(), call.operands[i]);
  return AppendJson{AppendRaw};
}

struct Part {
  AppendJson append;
  size_t operand;  // among the node's
};

// Operands of objects: key, value, key, value ...
class JsonBuildNode final : public Node {
 public:
  JsonBuildNode(LogicalType type, std::vector<Node*> operands, std::vector<Part> parts, bool object,
                bool absent_on_null)
      : Node(std::move(type), std::move(operands)),
        parts_(std::move(parts)),
        object_(object),
        absent_on_null_(absent_on_null),
        values_(parts_.size()) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    StringArena arena;
    std::string text;
    for (int32_t row = 0; row < rows.count; ++row) {
      text.clear();
      if (object_) {
        AppendObject(columns, row, &text);
      } else {
        AppendArray(columns, row, &text);
      }
      out[row] = arena.Add(text);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  // False: it is to be left out.
  bool AppendPart(const std::vector<ColumnPtr>& columns, const Part& part, int32_t row,
                  std::string* text) const {
    const Column& column = *columns[part.operand];
    if (!column.IsNull(row)) {
      part.append.call(column, row, text);
    } else if (absent_on_null_) {
      return false;
    } else {
      *text += "null";
    }
    return true;
  }

  void AppendArray(const std::vector<ColumnPtr>& columns, int32_t row, std::string* text) const {
    *text += '[';
    for (const Part& part : parts_) {
      const size_t before = text->size();
      if (before > 1) *text += ',';
      if (!AppendPart(columns, part, row, text)) text->resize(before);
    }
    *text += ']';
  }

  void AppendObject(const std::vector<ColumnPtr>& columns, int32_t row, std::string* text) {
    members_.clear();
    for (size_t i = 0; i < parts_.size(); ++i) {
      values_[i].clear();
      if (!AppendPart(columns, parts_[i], row, &values_[i])) continue;
      const Column& keys = *columns[parts_[i].operand - 1];
      members_.emplace_back(At<StringRef>(keys, row).view(), values_[i]);
    }
    AppendJsonObject(&members_, text);
  }

  const std::vector<Part> parts_;
  const bool object_;
  const bool absent_on_null_;
  std::vector<std::string> values_;  // of the members of one object
  std::vector<std::pair<std::string_view, std::string_view>> members_;
};

template <bool kObject>
Result<Node*> MakeJsonBuild(Call& call) {
  const size_t step = kObject ? 2 : 1;
  if (call.arity() == 0 || (call.arity() - 1) % step != 0) {
    return call.Unsupported("it takes a symbol and what goes in");
  }
  std::vector<Part> parts;
  for (size_t i = step; i < call.arity(); i += step) {
    if (kObject && !call.operand_type(i - 1).IsString()) {
      return call.Unsupported("its keys must be text");
    }
    CASTOR_ASSIGN_OR_RETURN(const AppendJson append, AppendOf(call, i));
    parts.push_back({append, i - 1});
  }
  const bool absent = call.expression.operands[0]->literal.text == "ABSENT";
  std::vector<Node*> operands(call.operands.begin() + 1, call.operands.end());
  return call.builder.Make<JsonBuildNode>(call.type(), std::move(operands), std::move(parts),
                                          kObject, absent);
}

Result<Node*> MakeJsonString(Call& call) {
  if (call.arity() != 1) return call.Unsupported("it takes one value");
  if (!HasJsonForm(call.operand_type(0))) {
    return call.Unsupported("values of " + call.operand_type(0).ToString() + " in JSON");
  }
  return call.builder.Make<JsonTextNode>(call.type(), call.operands[0]);
}

// JSON text in Flink's form; NULL of blanks.
struct JsonOfText {
  std::shared_ptr<json::Document> document = std::make_shared<json::Document>();
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    const std::string java = ReplaceInvalidUtf8(text.view());
    std::string_view trimmed = java;
    while (!trimmed.empty() && static_cast<unsigned char>(trimmed[0]) <= ' ') {
      trimmed.remove_prefix(1);
    }
    if (trimmed.empty()) return false;
    if (!document->Parse(trimmed)) {
      return scope.Fail([&] { return "JSON: '" + java.substr(0, 100) + "' is no JSON"; });
    }
    std::string made;
    json::AppendValue(*document, document->root(), &made);
    *out = scope.arena().Add(made);
    return true;
  }
};

Result<Node*> MakeJson(Call& call) {
  return MakeRowCall<JsonOfText, StringRef, StringRef>(call, {Want::kText}, {}, OnError::kFail);
}

constexpr FunctionEntry kFunctions[] = {
    {"JSON_OBJECT", MakeJsonBuild<true>},
    {"JSON_ARRAY", MakeJsonBuild<false>},
    {"JSON_STRING", MakeJsonString},
    {"JSON", MakeJson},
};

}  // namespace

std::span<const FunctionEntry> JsonBuildFunctions() { return kFunctions; }

}  // namespace castor::expr
