#include "plan/nodes/changelog.h"

#include <string_view>
#include <utility>
#include <vector>

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"
#include "plan/type_reader.h"

namespace castor::plan {
namespace {

constexpr std::string_view kKindNames[] = {"INSERT", "UPDATE_BEFORE", "UPDATE_AFTER", "DELETE"};

// The arguments of both functions, in the order of their signature.
enum Argument : size_t { kTable, kOp, kOpMapping, kOnTime, kUid, kArguments };

// The parts of a list as Flink's functions separate it.
std::vector<std::string> Parts(std::string_view list) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string> parts;
  for (size_t from = 0; from <= list.size();) {
    const size_t comma = std::min(list.find(',', from), list.size());
    std::string_view part = list.substr(from, comma - from);
    part.remove_prefix(std::min(part.find_first_not_of(kBlank), part.size()));
    parts.emplace_back(part.substr(0, part.find_last_not_of(kBlank) + 1));
    from = comma + 1;
  }
  return parts;
}

RowKind ReadKind(const std::string& name, const JsonValue& value) {
  for (size_t kind = 0; kind < std::size(kKindNames); ++kind) {
    if (name == kKindNames[kind]) return static_cast<RowKind>(kind);
  }
  value.FailMalformed("a row kind instead of '" + name + "'");
  return RowKind::kInsert;
}

bool IsGiven(const JsonValue& argument) {
  JsonObject object(argument);
  object.IgnoreAll();
  const JsonValue name = object.Find("internalName");
  if (name.present()) return name.String() != "$DEFAULT$1";
  return object.Get("kind").String() != "LITERAL" || object.Find("value").present();
}

// The one column that a DESCRIPTOR names.
std::string ReadDescriptor(const JsonValue& argument) {
  JsonObject object(argument);
  object.IgnoreAll();
  const std::vector<JsonValue> columns = object.Get("operands").Items();
  if (columns.size() != 1) {
    argument.FailMalformed("a DESCRIPTOR of one column");
    return {};
  }
  return ReadExpression(columns[0])->literal.text;
}

using Mapping = std::vector<std::pair<std::string, std::string>>;

Mapping ReadMapping(const JsonValue& argument) {
  const ExpressionPtr map = ReadExpression(argument);
  const std::vector<ExpressionPtr>& operands = map->operands;
  Mapping mapping;
  for (size_t i = 0; i + 1 < operands.size(); i += 2) {
    if (operands[i]->kind != ExpressionKind::kLiteral ||
        operands[i + 1]->kind != ExpressionKind::kLiteral) {
      argument.FailUnsupported("an op_mapping of other than literals");
      return {};
    }
    mapping.emplace_back(operands[i]->literal.text, operands[i + 1]->literal.text);
  }
  return mapping;
}

// The row that the function reads, which it must not read by key.
LogicalType ReadTable(const JsonValue& argument) {
  JsonObject object(argument);
  object.IgnoreAll();
  if (object.Get("kind").String() != "TABLE_ARG_CALL") {
    argument.FailMalformed("a table");
    return {};
  }
  if (!object.Get("partitionKeys").Items().empty()) argument.FailUnsupported("PARTITION BY");
  return ReadRowType(object.Get("type"));
}

NodePtr ReadToChangelog(const std::vector<JsonValue>& arguments) {
  auto node = std::make_unique<ToChangelog>();
  ReadTable(arguments[kTable]);
  if (!IsGiven(arguments[kOpMapping])) {
    for (size_t kind = 0; kind < node->codes.size(); ++kind) node->codes[kind] = kKindNames[kind];
    return node;
  }
  for (const auto& [kinds, code] : ReadMapping(arguments[kOpMapping])) {
    for (const std::string& kind : Parts(kinds)) {
      node->codes[static_cast<size_t>(ReadKind(kind, arguments[kOpMapping]))] = code;
    }
  }
  return node;
}

NodePtr ReadFromChangelog(const std::vector<JsonValue>& arguments) {
  auto node = std::make_unique<FromChangelog>();
  const LogicalType row = ReadTable(arguments[kTable]);
  const std::string op = IsGiven(arguments[kOp]) ? ReadDescriptor(arguments[kOp]) : "op";
  for (size_t i = 0; row.kind() == TypeKind::kRow && i < row.fields().size(); ++i) {
    if (row.fields()[i].name == op) node->code_field = static_cast<int32_t>(i);
  }
  if (node->code_field < 0) arguments[kOp].FailMalformed("a column of the table, not '" + op + "'");
  if (!IsGiven(arguments[kOpMapping])) {
    for (size_t kind = 0; kind < std::size(kKindNames); ++kind) {
      node->kinds.emplace(kKindNames[kind], static_cast<RowKind>(kind));
    }
    return node;
  }
  for (const auto& [codes, kind] : ReadMapping(arguments[kOpMapping])) {
    for (std::string& code : Parts(codes)) {
      node->kinds.insert_or_assign(std::move(code), ReadKind(kind, arguments[kOpMapping]));
    }
  }
  return node;
}

}  // namespace

NodePtr ReadProcessTableFunction(JsonObject& fields, const NodeReadContext&) {
  // The uid names the function's state, of which these have none; the modes are the planner's.
  fields.Ignore({"uid", "inputChangelogModes", "outputChangelogMode"});
  const JsonValue value = fields.Get("functionCall");
  JsonObject call(value);
  call.IgnoreAll();
  const JsonValue name = call.Find("internalName");
  const std::string function = name.present() ? name.String() : "";
  const bool to = function == "$TO_CHANGELOG$1";
  if (!to && function != "$FROM_CHANGELOG$1") {
    const JsonValue user =
        call.Find("catalogName").present() ? call.Find("catalogName") : call.Find("systemName");
    value.FailUnsupported("process table function " + (user.present() ? user.String() : function));
    return std::make_unique<Node>();
  }
  const std::vector<JsonValue> arguments = call.Get("operands").Items();
  if (arguments.size() != kArguments) {
    value.FailMalformed(std::to_string(kArguments) + " arguments");
    return std::make_unique<Node>();
  }
  if (IsGiven(arguments[kOnTime])) arguments[kOnTime].FailUnsupported("on_time");
  return to ? ReadToChangelog(arguments) : ReadFromChangelog(arguments);
}

}  // namespace castor::plan
