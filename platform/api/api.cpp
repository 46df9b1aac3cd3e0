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

const char* ReasonOf(int status) {
  switch (status) {
    case 400:
      return "BadRequest";
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

}  // namespace

Api::Reply::Reply(int code, const Json& json)
    : status(code), body(json.dump(-1, ' ', false, Json::error_handler_t::replace)) {}

Api::Reply Api::Reply::Refused(int code, const std::string& message) {
  return {code, {{"statusCode", code}, {"reason", ReasonOf(code)}, {"message", message}}};
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
      {"listSecretValues", &Api::ListSecretValues},
      {"createSecretValue", &Api::CreateSecretValue},
      {"getSecretValue", &Api::GetSecretValue},
      {"patchSecretValue", &Api::PatchSecretValue},
      {"deleteSecretValue", &Api::DeleteSecretValue},
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
  const auto answer = [](const Reply& reply) {
    HttpResponse response = {
        .status = reply.status, .content_type = reply.content_type, .body = reply.body};
    if (reply.next_piece) {
      response.next_piece = reply.next_piece;
    }
    return response;
  };
  const Contract::Match match = contract_->Read(request);
  if (match.refused != 0) return answer(Reply::Refused(match.refused, match.message));
  const Handler handler = Handlers().at(match.call.operation);
  const Result<Reply> reply = (this->*handler)(match.call);
  if (reply.ok()) return answer(*reply);
  const int status = StatusOf(reply.status());
  if (status == 500) std::fprintf(stderr, "%s\n", reply.status().ToString().c_str());
  return answer(Reply::Refused(status, reply.status().message()));
}

HttpResponse Api::Refuse(int status, const std::string& message) {
  return {.status = status, .body = Reply::Refused(status, message).body};
}

// A session in the namespace of the path, which has to exist.
Result<Session> Api::BeginIn(const Call& call) const {
  const std::string& name = call.parameters.at("namespace");
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
  CASTOR_ASSIGN_OR_RETURN(const bool exists, session.HasNamespace(name));
  if (!exists) return Status::NotFound("there is no namespace '" + name + "'");
  return session;
}

Result<Api::Reply> Api::GetStatus(const Call&) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
  return Reply(200, {{"state", "UP"}});
}

Result<Api::Reply> Api::ListNamespaces(const Call&) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
  CASTOR_ASSIGN_OR_RETURN(const auto names, session.Namespaces());
  Json items = Json::array();
  for (const std::string& name : names) items.push_back(NamespaceJson(name));
  return Reply(200, PageJson("NamespaceList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateNamespace(const Call& call) const {
  const auto name = call.body->at("name").get<std::string>();
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->Begin());
  CASTOR_ASSIGN_OR_RETURN(const bool exists, session.HasNamespace(name));
  if (exists) return Reply::Refused(409, "there is a namespace '" + name + "' already");
  CASTOR_RETURN_NOT_OK(session.AddNamespace(name));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, NamespaceJson(name));
}

}  // namespace castor::platform
