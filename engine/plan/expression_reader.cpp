#include "plan/expression_reader.h"

#include <utility>

#include "plan/type_reader.h"

namespace castor::plan {
namespace {

// "$CAST$1" -> "CAST". Flink's qualified name is $NAME$VERSION; NAME may itself begin with a '$',
// and that of an internal function is decorated once more: "$$WELFORD_M2$1$1".
std::string Undecorated(const std::string& internal_name) {
  std::string name = internal_name;
  for (size_t end = name.rfind('$'); name.size() >= 3 && name.front() == '$' && end != 0;
       end = name.rfind('$')) {
    name = name.substr(1, end - 1);
  }
  return name;
}

struct FunctionName {
  std::string function;
  std::string id;
};

// Exactly one of several fields names the operator; `syntax` says only how SQL would write it.
FunctionName ReadFunctionName(JsonObject& object) {
  object.Ignore({"syntax"});
  if (const JsonValue name = object.Find("internalName"); name.present()) {
    std::string id = name.String();
    return {Undecorated(id), id};
  }
  if (const JsonValue kind = object.Find("sqlKind"); kind.present()) {
    return {kind.String(), kind.String()};
  }
  const JsonValue class_name = object.Find("class");
  for (const char* field : {"systemName", "catalogName"}) {
    if (const JsonValue name = object.Find(field); name.present()) return {{}, name.String()};
  }
  if (class_name.present()) return {{}, class_name.String()};
  object.value().FailUnsupported("a call without a function's name");
  return {};
}

std::optional<std::string> ReadBound(const JsonValue& value, bool* closed) {
  if (!value.present()) return std::nullopt;
  JsonObject bound(value);
  const std::string type = bound.Get("boundType").String();
  if (type != "OPEN" && type != "CLOSED") value.FailUnsupported("range bound '" + type + "'");
  *closed = type == "CLOSED";
  return bound.Get("value").Text();
}

void ReadSarg(const JsonValue& value, Literal* literal) {
  JsonObject sarg(value);
  literal->is_sarg = true;
  literal->sarg_null_as = sarg.Get("nullAs").String();
  for (const JsonValue& item : sarg.Get("ranges").Items()) {
    JsonObject object(item);
    SargRange range;
    range.lower = ReadBound(object.Find("lower"), &range.lower_closed);
    range.upper = ReadBound(object.Find("upper"), &range.upper_closed);
    literal->ranges.push_back(std::move(range));
  }
}

void ReadLiteral(JsonObject& object, Expression* expression) {
  expression->kind = ExpressionKind::kLiteral;
  expression->type = ReadType(object.Get("type"));
  Literal& literal = expression->literal;
  if (const JsonValue sarg = object.Find("sarg"); sarg.present()) {
    ReadSarg(sarg, &literal);
    return;
  }
  if (const JsonValue symbol = object.Find("symbol"); symbol.present()) {
    literal.symbol_class = symbol.String();
  }
  const JsonValue value = object.Get("value");
  literal.is_null = !value.present();
  if (!literal.is_null) literal.text = value.Text();
}

// The plan leaves out the type of a field access; a field of a nullable row is nullable.
void ReadFieldAccess(JsonObject& object, Expression* expression) {
  expression->kind = ExpressionKind::kFieldAccess;
  expression->name = object.Get("name").String();
  expression->operands.push_back(ReadExpression(object.Get("expr")));
  const LogicalType& row = expression->operands[0]->type;
  if (row.kind() == TypeKind::kRow) {
    for (size_t i = 0; i < row.fields().size(); ++i) {
      const LogicalType::Field& field = row.fields()[i];
      if (field.name != expression->name) continue;
      expression->index = static_cast<int32_t>(i);
      expression->type = field.type.WithNullable(field.type.nullable() || row.nullable());
      return;
    }
  }
  object.value().FailMalformed("a field of " + row.ToString());
}

void ReadCall(JsonObject& object, Expression* expression) {
  expression->kind = ExpressionKind::kCall;
  FunctionName name = ReadFunctionName(object);
  expression->function = std::move(name.function);
  expression->function_id = std::move(name.id);
  expression->type = ReadType(object.Get("type"));
  if (const JsonValue operands = object.Find("operands"); operands.present()) {
    expression->operands = ReadExpressions(operands);
  }
}

void ReadByKind(const std::string& kind, JsonObject& object, Expression* expression) {
  if (kind == "INPUT_REF" || kind == "PATTERN_INPUT_REF") {
    const bool pattern = kind == "PATTERN_INPUT_REF";
    expression->kind = pattern ? ExpressionKind::kPatternInputRef : ExpressionKind::kInputRef;
    if (pattern) expression->name = object.Get("alpha").String();
    expression->index = object.Get("inputIndex").Int();
    expression->type = ReadType(object.Get("type"));
  } else if (kind == "LITERAL") {
    ReadLiteral(object, expression);
  } else if (kind == "CALL") {
    ReadCall(object, expression);
  } else if (kind == "FIELD_ACCESS") {
    ReadFieldAccess(object, expression);
  } else if (kind == "CORREL_VARIABLE") {
    expression->kind = ExpressionKind::kCorrelVariable;
    expression->name = object.Get("correl").String();
    expression->type = ReadType(object.Get("type"));
  } else {
    object.value().FailUnsupported("expressions of kind '" + kind + "' are not supported");
  }
}

AggregateCall ReadAggregateCall(const JsonValue& value) {
  JsonObject object(value);
  AggregateCall call;
  if (const JsonValue name = object.Get("name"); name.present()) call.name = name.String();
  FunctionName function = ReadFunctionName(object);
  call.function = std::move(function.function);
  call.function_id = std::move(function.id);
  call.args = object.Get("argList").Ints();
  call.filter_arg = object.Get("filterArg").Int();
  call.distinct = object.Get("distinct").Bool();
  call.approximate = object.Get("approximate").Bool();
  call.ignore_nulls = object.Get("ignoreNulls").Bool();
  call.type = ReadType(object.Get("type"));
  return call;
}

}  // namespace

ExpressionPtr ReadExpression(const JsonValue& value) {
  auto expression = std::make_shared<Expression>();
  if (value.failed()) return expression;
  JsonObject object(value);
  ReadByKind(object.Get("kind").String(), object, expression.get());
  return expression;
}

ExpressionPtr ReadOptionalExpression(const JsonValue& value) {
  return value.present() ? ReadExpression(value) : nullptr;
}

std::vector<ExpressionPtr> ReadExpressions(const JsonValue& value) {
  std::vector<ExpressionPtr> expressions;
  for (const JsonValue& item : value.Items()) expressions.push_back(ReadExpression(item));
  return expressions;
}

std::vector<AggregateCall> ReadAggregateCalls(const JsonValue& value) {
  std::vector<AggregateCall> calls;
  for (const JsonValue& item : value.Items()) calls.push_back(ReadAggregateCall(item));
  return calls;
}

}  // namespace castor::plan
