// Drafts: scripts that are kept, in folders, with all the texts they have had.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const SqlScriptRecord& script, const std::string& text) {
  return {{"apiVersion", "v1"},
          {"kind", "SqlScript"},
          {"metadata",
           {{"id", script.id},
            {"name", script.name},
            {"folder", script.folder},
            {"namespace", script.namespace_name},
            {"version", script.version},
            {"resourceVersion", script.resource_version},
            {"createdAt", TimeJson(script.created_at)},
            {"modifiedAt", TimeJson(script.modified_at)}}},
          {"spec", {{"script", text}}}};
}

Json ToJson(const SqlScriptVersionRecord& version) {
  return {{"apiVersion", "v1"},
          {"kind", "SqlScriptVersion"},
          {"metadata",
           {{"scriptId", version.script},
            {"version", version.version},
            {"createdAt", TimeJson(version.created_at)}}},
          {"spec", {{"script", version.text}}}};
}

Result<SqlScriptRecord> FindScript(Session* session, const Call& call) {
  const std::string& id = call.parameters.at("id");
  CASTOR_ASSIGN_OR_RETURN(auto found,
                          session->Find<SqlScriptRecord>("WHERE namespace = ? AND id = ?",
                                                         {call.parameters.at("namespace"), id}));
  if (!found) return Status::NotFound("there is no SQL script with the id " + id);
  return std::move(*found);
}

Result<std::string> TextOf(Session* session, const SqlScriptRecord& script) {
  CASTOR_ASSIGN_OR_RETURN(const auto version,
                          session->Find<SqlScriptVersionRecord>("WHERE script = ? AND version = ?",
                                                                {script.id, script.version}));
  if (!version) return Status::Corruption("SQL script " + script.id + " has no text");
  return version->text;
}

Result<bool> IsTaken(Session* session, const SqlScriptRecord& script) {
  CASTOR_ASSIGN_OR_RETURN(const auto other,
                          session->Find<SqlScriptRecord>(
                              "WHERE namespace = ? AND folder = ? AND name = ? AND id != ?",
                              {script.namespace_name, script.folder, script.name, script.id}));
  return other.has_value();
}

std::string Taken(const SqlScriptRecord& script) {
  return fmt::format("there is a SQL script '{}' in that folder already", script.name);
}

}  // namespace

Result<Api::Reply> Api::ListSqlScripts(const Call& call) const {
  const PageRequest page = ReadPage(call);
  PageQuery query = QueryOf(call, {{"namespace", "namespace"}, {"folder", "folder"}}, page);
  query.clause += fmt::format(" LIMIT {}", page.size + 1);
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto scripts,
                          session.Select<SqlScriptRecord>(query.clause, query.values));
  Json items = Json::array();
  int64_t last = 0;
  for (const SqlScriptRecord& script : scripts) {
    if (static_cast<int64_t>(items.size()) == page.size) {
      return Reply(200, PageJson("SqlScriptList", std::move(items), last));
    }
    CASTOR_ASSIGN_OR_RETURN(const std::string text, TextOf(&session, script));
    items.push_back(ToJson(script, text));
    last = script.sequence;
  }
  return Reply(200, PageJson("SqlScriptList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateSqlScript(const Call& call) const {
  const auto& metadata = call.body->at("metadata");
  SqlScriptRecord script;
  script.id = NewId();
  script.namespace_name = call.parameters.at("namespace");
  script.name = metadata.at("name");
  script.folder = metadata.value("folder", "");
  script.created_at = script.modified_at = NowMs();
  const std::string text = call.body->at("spec").at("script");
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const bool taken, IsTaken(&session, script));
  if (taken) return Reply::Refused(409, Taken(script));
  CASTOR_ASSIGN_OR_RETURN(script.sequence, session.NextSequence<SqlScriptRecord>());
  CASTOR_RETURN_NOT_OK(session.Save(script));
  CASTOR_RETURN_NOT_OK(session.Save(SqlScriptVersionRecord{script.id, 1, text, script.created_at}));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, ToJson(script, text));
}

Result<Api::Reply> Api::GetSqlScript(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SqlScriptRecord script, FindScript(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const std::string text, TextOf(&session, script));
  return Reply(200, ToJson(script, text));
}

Result<Api::Reply> Api::PatchSqlScript(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(SqlScriptRecord script, FindScript(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const std::string before, TextOf(&session, script));
  nlohmann::json document = nlohmann::json::parse(ToJson(script, before).dump());
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check("SqlScript", document));
  const auto& metadata = document["metadata"];
  const int64_t expected = metadata.value("resourceVersion", script.resource_version);
  if (expected != script.resource_version) {
    return Reply::Refused(409, fmt::format("the SQL script has resourceVersion {} by now, not {}",
                                           script.resource_version, expected));
  }
  script.name = metadata.at("name");
  script.folder = metadata.value("folder", "");
  script.modified_at = NowMs();
  ++script.resource_version;
  CASTOR_ASSIGN_OR_RETURN(const bool taken, IsTaken(&session, script));
  if (taken) return Reply::Refused(409, Taken(script));
  const std::string text = document["spec"]["script"];
  if (text != before) ++script.version;
  CASTOR_RETURN_NOT_OK(session.Save(script));
  if (text != before) {
    CASTOR_RETURN_NOT_OK(
        session.Save(SqlScriptVersionRecord{script.id, script.version, text, script.modified_at}));
  }
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(script, text));
}

Result<Api::Reply> Api::DeleteSqlScript(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SqlScriptRecord script, FindScript(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const std::string text, TextOf(&session, script));
  CASTOR_RETURN_NOT_OK(session.Remove(script));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(script, text));
}

Result<Api::Reply> Api::ListSqlScriptVersions(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SqlScriptRecord script, FindScript(&session, call));
  CASTOR_ASSIGN_OR_RETURN(const auto versions,
                          session.Select<SqlScriptVersionRecord>(
                              "WHERE script = ? ORDER BY version DESC LIMIT 1000", {script.id}));
  Json items = Json::array();
  for (const SqlScriptVersionRecord& version : versions) items.push_back(ToJson(version));
  return Reply(200, PageJson("SqlScriptVersionList", std::move(items), 0));
}

}  // namespace castor::platform
