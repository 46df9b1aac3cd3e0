// What the planner says of a script, and what its query gives.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "cli/planner/compile_script.h"
#include "platform/api/api.h"
#include "platform/api/job_graph.h"
#include "platform/api/reply.h"
#include "platform/metadata/fill_template.h"
#include "platform/sql/script_text.h"
#include "platform/texts.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMsPerSecond = 1'000;

Template TemplateOf(const nlohmann::json& body) {
  Template of;
  of.sql = body.at("statement");
  using Texts = std::map<std::string, std::string>;
  of.variables = body.value("variables", Texts());
  of.configuration = body.value("flinkConfiguration", Texts());
  return of;
}

Json ErrorJson(const cli::SqlError& error, const Filled& filled) {
  std::string message = WithoutSecrets(error.message, filled.secrets);
  Json json = {{"message", std::move(message)}};
  if (!error.hint.empty()) json["hint"] = WithoutSecrets(error.hint, filled.secrets);
  if (error.line > 0) {
    json["lineNumber"] = json["endLineNumber"] = error.line;
    json["columnNumber"] = error.column;
    json["endColumnNumber"] = EndOfToken(filled.of.sql, error.line, error.column);
  }
  return json;
}

// As the planner says it of a script that only defines.
bool OnlyDefines(const cli::SqlError& error) {
  return error.message == "The script has nothing to run.";
}

std::string KindOf(const Json& bundle) {
  return bundle.contains("collect") ? "VALIDATION_RESULT_VALID_SELECT_QUERY"
                                    : "VALIDATION_RESULT_VALID_INSERT_QUERY";
}

void HideSecrets(const Filled& filled, Json* tables) {
  const auto hide = [&](Json* text) {
    *text = WithoutSecrets(text->get<std::string>(), filled.secrets);
  };
  for (Json& table : *tables) {
    hide(&table["name"]);
    for (Json& column : table["columns"]) hide(&column["name"]);
    for (auto& [key, value] : table["options"].items()) hide(&value);
  }
}

// Of a node of the plan: the table that it reads, or writes; empty if it does neither.
std::string TableOf(const Json& node, const char* spec) {
  if (!node.contains(spec)) return "";
  return node[spec].at("table").value("identifier", "");
}

bool IsUsed(const Json& bundle, const std::string& identifier, const char* spec) {
  const Json& nodes = bundle.at("plan").at("nodes");
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Json& node) { return TableOf(node, spec) == identifier; });
}

// The tables that the script reads or writes.
Json TablesJson(const Json& bundle, const Filled& filled) {
  Json tables = Json::array();
  for (const auto& [identifier, table] : bundle.at("tables").items()) {
    const size_t dot = identifier.rfind(".`");
    const std::string quoted = dot == std::string::npos ? identifier : identifier.substr(dot + 1);
    if (quoted == "`castor_collect`") continue;  // where the rows of a SELECT go
    Json columns = Json::array();
    for (const Json& column : table.at("schema").at("columns")) {
      const Json type = column.contains("dataType") ? column["dataType"] : Json(nullptr);
      columns.push_back({{"name", column.at("name")}, {"type", type}});
    }
    tables.push_back({{"name", quoted.substr(1, quoted.size() - 2)},
                      {"columns", std::move(columns)},
                      {"options", table.value("options", Json::object())},
                      {"read", IsUsed(bundle, identifier, "scanTableSource")},
                      {"written", IsUsed(bundle, identifier, "dynamicTableSink")}});
  }
  HideSecrets(filled, &tables);
  return tables;
}

// Those that it defines, as far as the planner has got.
Json TablesJson(const cli::SqlError& error, const Filled& filled) {
  Json tables = error.tables.empty() ? Json::array() : Json::parse(error.tables);
  HideSecrets(filled, &tables);
  return tables;
}

using Planned = std::variant<cli::Compiled, cli::SqlError>;

Result<Planned> Plan(const cli::Paths& paths, const Filled& filled, bool explain) {
  return cli::CompileScript(
      paths, {.file = "script", .text = filled.of.sql, .name = "script"},
      {.settings = filled.of.configuration, .explain = explain, .quiet = true});
}

}  // namespace

Result<Filled> Api::FillStatement(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  return FillTemplate(&session, *parts_.vault, call.parameters.at("namespace"),
                      TemplateOf(*call.body));
}

Result<Api::Reply> Api::ValidateSql(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(const Filled filled, FillStatement(call));
  CASTOR_ASSIGN_OR_RETURN(const Planned planned, Plan(parts_.paths, filled, false));
  if (const auto* error = std::get_if<cli::SqlError>(&planned)) {
    if (OnlyDefines(*error)) {
      return Reply(200, {{"validationResult", "VALIDATION_RESULT_VALID_DDL_STATEMENT"},
                         {"tables", TablesJson(*error, filled)}});
    }
    return Reply(200, {{"validationResult", "VALIDATION_RESULT_INVALID"},
                       {"errorDetails", ErrorJson(*error, filled)},
                       {"tables", TablesJson(*error, filled)}});
  }
  const Json bundle = Json::parse(std::get<cli::Compiled>(planned).bundle);
  return Reply(200, {{"validationResult", KindOf(bundle)}, {"tables", TablesJson(bundle, filled)}});
}

Result<Api::Reply> Api::ExplainSql(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(const Filled filled, FillStatement(call));
  CASTOR_ASSIGN_OR_RETURN(const Planned planned, Plan(parts_.paths, filled, true));
  if (const auto* error = std::get_if<cli::SqlError>(&planned)) {
    return Reply(200, {{"validationResult", "VALIDATION_RESULT_INVALID"},
                       {"errorDetails", ErrorJson(*error, filled)}});
  }
  const std::string& text = std::get<cli::Compiled>(planned).bundle;
  CASTOR_ASSIGN_OR_RETURN(Json graph, GraphOf(text));
  const Json bundle = Json::parse(text);
  Json texts = Json::object();
  for (const auto& [name, value] : bundle.at("explain").items()) {
    texts[name] = WithoutSecrets(value.get<std::string>(), filled.secrets);
  }
  for (Json& vertex : graph["vertices"]) {
    vertex["description"] =
        WithoutSecrets(vertex["description"].get<std::string>(), filled.secrets);
  }
  return Reply(200, {{"validationResult", KindOf(bundle)},
                     {"graph", std::move(graph)},
                     {"tables", TablesJson(bundle, filled)},
                     {"explain", std::move(texts)}});
}

Result<Api::Reply> Api::ListFunctions(const Call&) const {
  return Reply(200, {{"items", Json::parse(Functions().at(0))}});
}

Result<Api::Reply> Api::CreatePreview(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Filled filled, FillStatement(call));
  CASTOR_ASSIGN_OR_RETURN(filled.of.sql, PreviewScript(filled.of.sql, call.body->value("line", 0)));
  CASTOR_ASSIGN_OR_RETURN(const Planned planned, Plan(parts_.paths, filled, false));
  if (const auto* error = std::get_if<cli::SqlError>(&planned)) {
    return Reply(201, {{"apiVersion", "v1"},
                       {"kind", "Preview"},
                       {"metadata", {{"namespace", call.parameters.at("namespace")}}},
                       {"status",
                        {{"state", "FAILED"},
                         {"message", WithoutSecrets(error->message, filled.secrets)},
                         {"errorDetails", ErrorJson(*error, filled)}}}});
  }
  const std::string& bundle = std::get<cli::Compiled>(planned).bundle;
  CASTOR_RETURN_NOT_OK(CheckReadsOnly(bundle));
  PreviewLimits limits;
  limits.rows = call.body->value("maxRows", limits.rows);
  limits.milliseconds =
      call.body->value("maxSeconds", limits.milliseconds / kMsPerSecond) * kMsPerSecond;
  const auto id = parts_.previews->Start(call.parameters.at("namespace"), bundle, limits);
  if (id.status().code() == StatusCode::kResourceExhausted) {
    return Reply::Refused(503, id.status().message());
  }
  CASTOR_RETURN_NOT_OK(id.status());
  Json columns = Json::array();
  const Json json = Json::parse(bundle);
  for (const Json& column : json.at("collect").at("columns")) {
    columns.push_back({{"name", column.at("name")}, {"type", column.at("dataType")}});
  }
  return Reply(201, {{"apiVersion", "v1"},
                     {"kind", "Preview"},
                     {"metadata", {{"id", *id}, {"namespace", call.parameters.at("namespace")}}},
                     {"spec", {{"columns", std::move(columns)}}},
                     {"status", {{"state", "RUNNING"}, {"message", ""}}}});
}

Result<Api::Reply> Api::GetPreview(const Call& call) const {
  const auto given = call.parameters.find("after");
  const int64_t after = given == call.parameters.end() ? 0 : std::stoll(given->second);
  const std::string& id = call.parameters.at("id");
  CASTOR_ASSIGN_OR_RETURN(const PreviewShown shown,
                          parts_.previews->Show(call.parameters.at("namespace"), id, after));
  Json rows = Json::array();
  for (const std::string& row : shown.rows) {
    Json read = Json::parse(row, nullptr, false);
    if (!read.is_discarded()) rows.push_back(std::move(read));
  }
  return Reply(200,
               {{"apiVersion", "v1"},
                {"kind", "Preview"},
                {"metadata", {{"id", id}, {"namespace", call.parameters.at("namespace")}}},
                {"status",
                 {{"state", shown.state}, {"message", shown.message}, {"rows", std::move(rows)}}}});
}

Result<Api::Reply> Api::CancelPreview(const Call& call) const {
  const std::string& id = call.parameters.at("id");
  CASTOR_RETURN_NOT_OK(parts_.previews->Cancel(call.parameters.at("namespace"), id));
  return Reply(200, {{"apiVersion", "v1"},
                     {"kind", "Preview"},
                     {"metadata", {{"id", id}, {"namespace", call.parameters.at("namespace")}}}});
}

}  // namespace castor::platform
