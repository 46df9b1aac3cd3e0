#include "plan/bundle.h"

#include <nlohmann/json.hpp>

#include "plan/graph_reader.h"
#include "plan/json_reader.h"
#include "plan/reference_check.h"
#include "plan/table_reader.h"
#include "plan/type_reader.h"

namespace castor::plan {
namespace {

constexpr int32_t kBundleVersion = 1;
// The planner's release; plans of another one may mean something else by the same names.
constexpr std::string_view kFlinkVersion = "2.3";

std::vector<Statement> ReadStatements(const JsonValue& value) {
  std::vector<Statement> statements;
  for (const JsonValue& item : value.Items()) {
    JsonObject object(item);
    object.Ignore({"endLine"});
    Statement statement;
    statement.kind = object.Get("kind").String();
    statement.sql = object.Get("sql").String();
    statement.position = {object.Get("line").Int(), object.Get("column").Int()};
    statement.sink_node = object.Find("sinkNodeId").IntOr(-1);
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::map<int32_t, NodeIdentity> ReadIdentities(const JsonValue& value,
                                               const std::vector<Statement>& statements) {
  std::map<int32_t, NodeIdentity> identities;
  for (const JsonValue& item : value.Items()) {
    JsonObject object(item);
    object.Ignore({"stateful"});
    NodeIdentity identity;
    identity.uid = object.Get("uid").String();
    identity.aliases = object.Find("aliases").Strings();
    identity.insert_only = object.Find("insertOnly").BoolOr(false);
    const JsonValue fingerprint = object.Find("fingerprint");
    if (fingerprint.present()) identity.fingerprint = fingerprint.String();
    const std::vector<int32_t> owners = object.Find("statements").Ints();
    const size_t first = owners.empty() ? statements.size() : static_cast<size_t>(owners[0]);
    if (first < statements.size()) identity.position = statements[first].position;
    identities.emplace(object.Get("nodeId").Int(), std::move(identity));
  }
  return identities;
}

std::optional<CollectInfo> ReadCollect(const JsonValue& value) {
  if (!value.present()) return std::nullopt;
  JsonObject object(value);
  CollectInfo collect;
  collect.sink_node = object.Get("nodeId").Int();
  for (const JsonValue& item : object.Get("columns").Items()) {
    TableColumn column = ReadColumn(item);
    collect.columns.push_back({std::move(column.name), std::move(column.type)});
  }
  collect.changelog_mode = object.Find("changelogMode").Strings();
  collect.insert_only = object.Get("insertOnly").Bool();
  collect.upsert_key = object.Find("upsertKey").Ints();
  return collect;
}

// "2.3" and "2.3.0" are the same plan format.
Status CheckFlinkVersion(const std::string& version) {
  const bool same =
      version == kFlinkVersion || version.starts_with(std::string(kFlinkVersion) + ".");
  if (same) return Status::OK();
  return Status::Incompatible("the plan was made by Flink " + version +
                              "; this engine runs plans of Flink " + std::string(kFlinkVersion) +
                              ": compile the script again");
}

Status CheckVersions(const nlohmann::json& document) {
  const auto marker = document.is_object() ? document.find("castorBundle") : document.end();
  if (!document.is_object() || marker == document.end() || !marker->is_number_integer()) {
    return Status::InvalidArgument(
        "this is not a job bundle: make one with `castor compile job.sql -o job.json`");
  }
  if (*marker != kBundleVersion) {
    return Status::Incompatible("job bundle of version " + marker->dump() +
                                "; this engine reads version " + std::to_string(kBundleVersion) +
                                ": compile the script again");
  }
  const auto flink = document.find("flinkVersion");
  return CheckFlinkVersion(flink != document.end() && flink->is_string() ? flink->get<std::string>()
                                                                         : "(unknown)");
}

std::unique_ptr<Bundle> ReadDocument(const JsonValue& root) {
  auto bundle = std::make_unique<Bundle>();
  JsonObject object(root);
  // What a cache, a person or the planner needs to know.
  object.Ignore({"castorBundle", "cacheable", "explain"});
  bundle->name = object.Get("name").String();
  bundle->flink_version = object.Get("flinkVersion").String();
  bundle->configuration = Configuration(object.Get("configuration").StringMap());
  bundle->user_options = object.Find("userOptions").Strings();
  bundle->statements = ReadStatements(object.Get("statements"));
  for (const auto& [identifier, table] : object.Get("tables").Members()) {
    bundle->tables.emplace(identifier, ReadBundleTable(identifier, table, bundle->statements));
  }
  bundle->collect = ReadCollect(object.Find("collect"));
  const std::map<int32_t, NodeIdentity> identities =
      ReadIdentities(object.Get("operators"), bundle->statements);
  bundle->graph = ReadGraph(object.Get("plan"), bundle->tables, identities);
  return bundle;
}

}  // namespace

Result<std::unique_ptr<Bundle>> ReadBundle(std::string_view json) {
  const nlohmann::json document =
      nlohmann::json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return Status::InvalidArgument("the job bundle is not valid JSON");
  CASTOR_RETURN_NOT_OK(CheckVersions(document));
  JsonProblem problem;
  std::unique_ptr<Bundle> bundle = ReadDocument(JsonValue(&document, "", &problem));
  if (problem.any()) return problem.status();
  CASTOR_RETURN_NOT_OK(CheckReferences(bundle->graph));
  return bundle;
}

}  // namespace castor::plan
