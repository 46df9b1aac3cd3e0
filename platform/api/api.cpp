#include "platform/api/api.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/texts.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kTooMany = 429;

const char* ReasonOf(int status) {
  switch (status) {
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 405:
      return "MethodNotAllowed";
    case 409:
      return "Conflict";
    case 413:
      return "PayloadTooLarge";
    case 415:
      return "UnsupportedMediaType";
    case 429:
      return "TooManyRequests";
    case 503:
      return "ServiceUnavailable";
    default:
      return "InternalError";
  }
}

int StatusOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::kInvalidArgument:
      return 400;
    case StatusCode::kNotFound:
      return 404;
    case StatusCode::kResourceExhausted:
      return 413;
    default:
      return 500;
  }
}

Result<Session> InNamespace(Result<Session> begun, const Call& call) {
  CASTOR_RETURN_NOT_OK(begun.status());
  const std::string& name = call.parameters.at("namespace");
  CASTOR_ASSIGN_OR_RETURN(const bool exists, begun->HasNamespace(name));
  if (!exists) return Status::NotFound("there is no namespace '" + name + "'");
  return begun;
}

}  // namespace

Api::Reply::Reply(int code, const Json& json) : status(code), body(TextOf(json)) {}

Api::Reply Api::Reply::Refused(int code, const std::string& message) {
  Reply reply(code, {{"statusCode", code}, {"reason", ReasonOf(code)}, {"message", message}});
  reply.refusal = message;
  return reply;
}

Api::Reply Api::Reply::Stream(std::function<std::optional<std::string>()> next_piece) {
  Reply reply(200, nullptr);
  reply.content_type = "text/event-stream";
  reply.next_piece = std::move(next_piece);
  return reply;
}

Api::Reply Api::Reply::File(std::function<std::optional<std::string>()> next_piece) {
  Reply reply(200, nullptr);
  reply.content_type = "application/octet-stream";
  reply.next_piece = std::move(next_piece);
  return reply;
}

Api::Reply Api::Reply::Document(int code, std::string json) {
  Reply reply(code, nullptr);
  reply.body = std::move(json);
  return reply;
}

Api::Reply Api::Reply::Text(std::string text) {
  Reply reply(200, nullptr);
  reply.content_type = "text/plain; version=0.0.4";
  reply.body = std::move(text);
  return reply;
}

const std::map<std::string, Api::Handler>& Api::Handlers() {
  static const std::map<std::string, Handler> handlers = {
      {"getStatus", &Api::GetStatus},
      {"getMetrics", &Api::GetMetrics},
      {"listNamespaces", &Api::ListNamespaces},
      {"createNamespace", &Api::CreateNamespace},
      {"listDeployments", &Api::ListDeployments},
      {"createDeployment", &Api::CreateDeployment},
      {"getDeployment", &Api::GetDeployment},
      {"patchDeployment", &Api::PatchDeployment},
      {"deleteDeployment", &Api::DeleteDeployment},
      {"listJobs", &Api::ListJobs},
      {"getJob", &Api::GetJob},
      {"getJobLog", &Api::GetJobLog},
      {"getJobGraph", &Api::GetJobGraph},
      {"getDeploymentMetrics", &Api::GetDeploymentMetrics},
      {"validateSql", &Api::ValidateSql},
      {"explainSql", &Api::ExplainSql},
      {"listFunctions", &Api::ListFunctions},
      {"createPreview", &Api::CreatePreview},
      {"getPreview", &Api::GetPreview},
      {"cancelPreview", &Api::CancelPreview},
      {"listSqlScripts", &Api::ListSqlScripts},
      {"createSqlScript", &Api::CreateSqlScript},
      {"getSqlScript", &Api::GetSqlScript},
      {"patchSqlScript", &Api::PatchSqlScript},
      {"deleteSqlScript", &Api::DeleteSqlScript},
      {"listSqlScriptVersions", &Api::ListSqlScriptVersions},
      {"listSavepoints", &Api::ListSavepoints},
      {"createSavepoint", &Api::CreateSavepoint},
      {"getSavepoint", &Api::GetSavepoint},
      {"listEvents", &Api::ListEvents},
      {"watchEvents", &Api::WatchEvents},
      {"deleteSavepoint", &Api::DeleteSavepoint},
      {"listVersions", &Api::ListVersions},
      {"rollBack", &Api::RollBack},
      {"checkUpgrade", &Api::CheckUpgrade},
      {"listSecretValues", &Api::ListSecretValues},
      {"createSecretValue", &Api::CreateSecretValue},
      {"getSecretValue", &Api::GetSecretValue},
      {"patchSecretValue", &Api::PatchSecretValue},
      {"deleteSecretValue", &Api::DeleteSecretValue},
      {"listAlertRules", &Api::ListAlertRules},
      {"createAlertRule", &Api::CreateAlertRule},
      {"getAlertRule", &Api::GetAlertRule},
      {"patchAlertRule", &Api::PatchAlertRule},
      {"deleteAlertRule", &Api::DeleteAlertRule},
      {"listAlerts", &Api::ListAlerts},
      {"listAlertDeliveries", &Api::ListAlertDeliveries},
      {"getRetentionPolicy", &Api::GetRetentionPolicy},
      {"patchRetentionPolicy", &Api::PatchRetentionPolicy},
      {"getGlobalDeploymentDefaults", &Api::GetGlobalDefaults},
      {"getDeploymentDefaults", &Api::GetDefaults},
      {"patchDeploymentDefaults", &Api::PatchDefaults},
      {"listArtifacts", &Api::ListArtifacts},
      {"uploadArtifact", &Api::UploadArtifact},
      {"getArtifact", &Api::GetArtifact},
      {"getArtifactContent", &Api::GetArtifactContent},
      {"deleteArtifact", &Api::DeleteArtifact},
      {"listDeploymentTargets", &Api::ListTargets},
      {"getDeploymentTarget", &Api::GetTarget},
      {"logIn", &Api::LogIn},
      {"logOut", &Api::LogOut},
      {"getAccount", &Api::GetAccount},
      {"changePassword", &Api::ChangePassword},
      {"listOwnTokens", &Api::ListOwnTokens},
      {"createOwnToken", &Api::CreateOwnToken},
      {"deleteOwnToken", &Api::DeleteOwnToken},
      {"listUsers", &Api::ListUsers},
      {"createUser", &Api::CreateUser},
      {"getUser", &Api::GetUser},
      {"patchUser", &Api::PatchUser},
      {"deleteUser", &Api::DeleteUser},
      {"resetPassword", &Api::ResetPassword},
      {"listMembers", &Api::ListMembers},
      {"putMember", &Api::PutMember},
      {"deleteMember", &Api::DeleteMember},
      {"listApiTokens", &Api::ListApiTokens},
      {"createApiToken", &Api::CreateApiToken},
      {"getApiToken", &Api::GetApiToken},
      {"deleteApiToken", &Api::DeleteApiToken},
      {"listAudit", &Api::ListAudit},
      {"listAuditOfNamespace", &Api::ListAudit},
      {"exportAudit", &Api::ExportAudit},
  };
  return handlers;
}

Result<std::unique_ptr<Api>> Api::Make(Parts parts) {
  std::unique_ptr<Api> api(new Api(std::move(parts)));
  CASTOR_ASSIGN_OR_RETURN(api->contract_, Contract::Load(OpenApi().at(0)));
  for (const std::string& operation : api->contract_->Operations()) {
    if (!Handlers().contains(operation)) {
      return Status::Internal("the contract's " + operation + " is not built");
    }
  }
  return api;
}

HttpResponse Api::Answer(const HttpRequest& request) const {
  const auto caller = std::make_shared<Caller>();
  const std::optional<Wanted> wanted = contract_->Find(request);
  std::optional<Reply> refused;
  if (wanted) refused = Admit(request, *wanted, caller.get());
  Reply reply = refused ? std::move(*refused) : Run(request, caller);
  if (caller->note != nullptr && !caller->note->is_saved && reply.status != kTooMany) {
    NoteChange(request, *caller, reply);
  }
  return {.status = reply.status,
          .content_type = std::move(reply.content_type),
          .body = std::move(reply.body),
          .headers = std::move(reply.headers),
          .next_piece = std::move(reply.next_piece)};
}

Api::Reply Api::Run(const HttpRequest& request, const std::shared_ptr<Caller>& caller) const {
  Contract::Match match = contract_->Read(request);
  if (match.refused != 0) return Reply::Refused(match.refused, match.message);
  match.call.caller = caller;
  const Handler handler = Handlers().at(match.call.operation);
  Result<Reply> reply = (this->*handler)(match.call);
  if (reply.ok()) return std::move(*reply);
  const int status = StatusOf(reply.status());
  if (status == 500) std::fprintf(stderr, "%s\n", reply.status().ToString().c_str());
  return Reply::Refused(status, reply.status().message());
}

HttpResponse Api::Refuse(int status, const std::string& message) {
  return {.status = status, .body = Reply::Refused(status, message).body};
}

Result<Session> Api::Begin(const Call& call) const {
  return parts_.store->Begin(call.caller->note);
}

Result<Session> Api::BeginIn(const Call& call) const { return InNamespace(Begin(call), call); }

Result<Session> Api::ReadIn(const Call& call) const {
  return InNamespace(parts_.store->BeginReading(), call);
}

bool Api::MaySee(const Call& call, const std::string& in) const {
  return parts_.access->MaySee(call.caller->principal, in);
}

Result<Api::Reply> Api::GetStatus(const Call&) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->BeginReading());
  return Reply(200, {{"state", "UP"}});
}

// Those in which the caller may see something.
Result<Api::Reply> Api::ListNamespaces(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->BeginReading());
  CASTOR_ASSIGN_OR_RETURN(const auto names, session.Namespaces());
  Json items = Json::array();
  for (const std::string& name : names) {
    if (MaySee(call, name)) items.push_back(NamespaceJson(name));
  }
  return Reply(200, PageJson("NamespaceList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateNamespace(const Call& call) const {
  const auto name = call.body->at("name").get<std::string>();
  CASTOR_ASSIGN_OR_RETURN(Session session, Begin(call));
  CASTOR_ASSIGN_OR_RETURN(const bool exists, session.HasNamespace(name));
  if (exists) return Reply::Refused(409, "there is a namespace '" + name + "' already");
  CASTOR_RETURN_NOT_OK(session.AddNamespace(name));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, NamespaceJson(name));
}

}  // namespace castor::platform
