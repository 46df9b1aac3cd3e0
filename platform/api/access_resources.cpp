#include "platform/api/access_resources.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platform/access/secret.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

const char* OutcomeOf(const AuditRecord& record) {
  if (record.status < 400) return "DONE";
  return record.status < 500 ? "REFUSED" : "FAILED";
}

std::string TimeText(int64_t ms) {
  const Json time = TimeJson(ms);
  return time.is_null() ? "" : time.get<std::string>();
}

// In quotes, and such that no spreadsheet takes it for a formula.
std::string CsvField(const std::string& text) {
  std::string field = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    field += '\'';
  }
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace

Json UserJson(const UserRecord& user) {
  return {{"apiVersion", "v1"},
          {"kind", "User"},
          {"metadata",
           {{"name", user.name},
            {"createdAt", TimeJson(user.created_at)},
            {"modifiedAt", TimeJson(user.modified_at)},
            {"resourceVersion", user.resource_version}}},
          {"spec", {{"admin", user.is_admin != 0}}},
          {"status", {{"mustChangePassword", user.must_change != 0}}}};
}

Json MemberJson(const MemberRecord& member) {
  return {{"apiVersion", "v1"},
          {"kind", "Member"},
          {"metadata",
           {{"name", member.user},
            {"namespace", member.namespace_name},
            {"createdAt", TimeJson(member.created_at)}}},
          {"spec", {{"role", member.role}}}};
}

Json OwnTokenJson(const TokenRecord& token) {
  return {{"apiVersion", "v1"},
          {"kind", "AccessToken"},
          {"metadata",
           {{"id", token.id},
            {"name", token.name},
            {"createdAt", TimeJson(token.created_at)},
            {"lastUsedAt", TimeJson(token.last_used_at)}}},
          {"status", Json::object()}};
}

Json ApiTokenJson(const TokenRecord& token) {
  return {{"name", fmt::format("namespaces/{}/apitokens/{}", token.namespace_name, token.name)},
          {"role", token.role},
          {"createdAt", TimeJson(token.created_at)},
          {"createdBy", token.created_by},
          {"lastUsedAt", TimeJson(token.last_used_at)}};
}

Json AuditJson(const AuditRecord& record) {
  return {
      {"apiVersion", "v1"},
      {"kind", "AuditEntry"},
      {"metadata",
       {{"id", std::to_string(record.sequence)},
        {"createdAt", TimeJson(record.created_at)},
        {"namespace", record.namespace_name}}},
      {"spec",
       {{"actor", record.actor},
        {"address", record.address},
        {"operation", record.operation},
        {"resource", record.resource},
        {"resourceVersion", record.resource_version == 0 ? Json() : Json(record.resource_version)},
        {"outcome", OutcomeOf(record)},
        {"statusCode", record.status},
        {"message", record.message}}}};
}

std::string AuditCsvHead() {
  return "id,createdAt,actor,address,operation,namespace,resource,resourceVersion,outcome,"
         "statusCode,message\r\n";
}

std::string AuditCsv(const AuditRecord& record) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", record.sequence,
                     TimeText(record.created_at), CsvField(record.actor), CsvField(record.address),
                     record.operation, CsvField(record.namespace_name), CsvField(record.resource),
                     record.resource_version == 0 ? "" : std::to_string(record.resource_version),
                     OutcomeOf(record), record.status, CsvField(record.message));
}

Result<std::string> AddToken(Session* session, const Caller& caller, TokenRecord* token) {
  std::string secret = NewSecret("castor_");
  token->id = NewId();
  token->digest = DigestOf(secret);
  token->created_by = caller.principal.name;
  token->created_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(token->sequence, session->NextSequence<TokenRecord>());
  CASTOR_RETURN_NOT_OK(session->Save(*token));
  return secret;
}

}  // namespace castor::platform
