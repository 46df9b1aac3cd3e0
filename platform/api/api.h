// Answers requests out of the store, and writes down what they ask for. What follows from it is the
// reconciler's.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cli/process/paths.h"
#include "platform/access/access.h"
#include "platform/access/rate_limit.h"
#include "platform/api/caller.h"
#include "platform/api/contract.h"
#include "platform/artifacts/artifact_store.h"
#include "platform/controller/upgrade_check.h"
#include "platform/metadata/fill_template.h"
#include "platform/metadata/store.h"
#include "platform/metadata/vault.h"
#include "platform/metrics/job_board.h"
#include "platform/metrics/metric_store.h"
#include "platform/sql/previews.h"

namespace castor::platform {

class Api {
 public:
  struct Parts {
    // They outlive it.
    Store* store = nullptr;
    Access* access = nullptr;
    const Vault* vault = nullptr;
    const JobBoard* board = nullptr;
    MetricStore* metrics = nullptr;
    const ArtifactStore* artifacts = nullptr;
    std::string bundles;  // the folder that has the plans
    Previews* previews = nullptr;
    cli::Paths paths = {};  // of the planner
    // The end of what a job's process has said.
    std::function<Result<std::string>(const JobRecord&)> log;
    // The last checkpoint that a job has left; empty: none.
    std::function<std::string(const std::string& job)> latest_checkpoint;
    // Is told of each deployment that was changed.
    std::function<void(const std::string&)> changed;
    // And of each namespace whose policies were.
    std::function<void(const std::string&)> policy_changed;
  };
  static Result<std::unique_ptr<Api>> Make(Parts parts);

  HttpResponse Answer(const HttpRequest& request) const;
  // An error as every answer has it.
  static HttpResponse Refuse(int status, const std::string& message);

 private:
  struct Reply;  // a status code and a document, or an error with its code
  using Handler = Result<Reply> (Api::*)(const Call&) const;

  explicit Api(Parts parts) : parts_(std::move(parts)) {}
  static const std::map<std::string, Handler>& Handlers();
  static Reply TooMany(int64_t seconds);

  std::optional<Reply> Identify(const HttpRequest& request, const Wanted& wanted,
                                Caller* caller) const;
  std::optional<Reply> Admit(const HttpRequest& request, const Wanted& wanted,
                             Caller* caller) const;
  void NoteChange(const HttpRequest& request, const Caller& caller, const Reply& reply) const;
  Reply Run(const HttpRequest& request, const std::shared_ptr<Caller>& caller) const;

  // May see something of the namespace.
  bool MaySee(const Call& call, const std::string& in) const;
  Result<Session> Begin(const Call& call) const;
  // A session in the namespace of the path, which has to exist; ReadIn's changes nothing.
  Result<Session> BeginIn(const Call& call) const;
  Result<Session> ReadIn(const Call& call) const;

  Result<Reply> GetStatus(const Call& call) const;
  Result<Reply> GetMetrics(const Call& call) const;
  Result<Reply> ListNamespaces(const Call& call) const;
  Result<Reply> CreateNamespace(const Call& call) const;
  Result<Reply> ListDeployments(const Call& call) const;
  Result<Reply> CreateDeployment(const Call& call) const;
  Result<Reply> GetDeployment(const Call& call) const;
  Result<Reply> PatchDeployment(const Call& call) const;
  Result<Reply> DeleteDeployment(const Call& call) const;
  Result<Reply> ListVersions(const Call& call) const;
  Result<Reply> RollBack(const Call& call) const;
  Result<std::function<Result<HeldBy>()>> FindHeldState(Session* session,
                                                        const DeploymentRecord& deployment) const;
  Result<Reply> CheckUpgrade(const Call& call) const;
  Result<Reply> ListJobs(const Call& call) const;
  Result<Reply> GetJob(const Call& call) const;
  Result<Reply> GetJobLog(const Call& call) const;
  Result<Reply> GetJobGraph(const Call& call) const;
  Result<Reply> GetDeploymentMetrics(const Call& call) const;
  Result<Filled> FillStatement(const Call& call) const;
  Result<Reply> ValidateSql(const Call& call) const;
  Result<Reply> ExplainSql(const Call& call) const;
  Result<Reply> ListFunctions(const Call& call) const;
  Result<Reply> CreatePreview(const Call& call) const;
  Result<Reply> GetPreview(const Call& call) const;
  Result<Reply> CancelPreview(const Call& call) const;
  Result<Reply> ListSqlScripts(const Call& call) const;
  Result<Reply> CreateSqlScript(const Call& call) const;
  Result<Reply> GetSqlScript(const Call& call) const;
  Result<Reply> PatchSqlScript(const Call& call) const;
  Result<Reply> DeleteSqlScript(const Call& call) const;
  Result<Reply> ListSqlScriptVersions(const Call& call) const;
  Result<Reply> ListSavepoints(const Call& call) const;
  Result<Reply> CreateSavepoint(const Call& call) const;
  Result<Reply> GetSavepoint(const Call& call) const;
  Result<Reply> DeleteSavepoint(const Call& call) const;
  Result<Reply> ListEvents(const Call& call) const;
  Result<Reply> WatchEvents(const Call& call) const;
  Result<Reply> ListSecretValues(const Call& call) const;
  Result<Reply> CreateSecretValue(const Call& call) const;
  Result<Reply> GetSecretValue(const Call& call) const;
  Result<Reply> PatchSecretValue(const Call& call) const;
  Result<Reply> DeleteSecretValue(const Call& call) const;
  Result<Reply> ListAlertRules(const Call& call) const;
  Result<Reply> CreateAlertRule(const Call& call) const;
  Result<Reply> GetAlertRule(const Call& call) const;
  Result<Reply> PatchAlertRule(const Call& call) const;
  Result<Reply> DeleteAlertRule(const Call& call) const;
  Result<Reply> ListAlerts(const Call& call) const;
  Result<Reply> ListAlertDeliveries(const Call& call) const;
  Result<Reply> GetPolicy(const Call& call, const char* kind) const;
  Result<Reply> PatchPolicy(const Call& call, const char* kind) const;
  Result<Reply> GetRetentionPolicy(const Call& call) const;
  Result<Reply> PatchRetentionPolicy(const Call& call) const;
  Result<Reply> GetGlobalDefaults(const Call& call) const;
  Result<Reply> GetDefaults(const Call& call) const;
  Result<Reply> PatchDefaults(const Call& call) const;
  Result<Reply> ListArtifacts(const Call& call) const;
  Result<Reply> UploadArtifact(const Call& call) const;
  Result<Reply> GetArtifact(const Call& call) const;
  Result<Reply> GetArtifactContent(const Call& call) const;
  Result<Reply> DeleteArtifact(const Call& call) const;
  Result<Reply> ListTargets(const Call& call) const;
  Result<Reply> GetTarget(const Call& call) const;

  Result<nlohmann::ordered_json> AccountJson(const Principal& principal,
                                             const std::string& session_secret) const;
  Result<Reply> LogIn(const Call& call) const;
  Result<Reply> LogOut(const Call& call) const;
  Result<Reply> GetAccount(const Call& call) const;
  Result<Reply> ChangePassword(const Call& call) const;
  Result<Reply> ListOwnTokens(const Call& call) const;
  Result<Reply> CreateOwnToken(const Call& call) const;
  Result<Reply> DeleteOwnToken(const Call& call) const;
  Result<Reply> ListUsers(const Call& call) const;
  Result<Reply> CreateUser(const Call& call) const;
  Result<Reply> GetUser(const Call& call) const;
  Result<Reply> PatchUser(const Call& call) const;
  Result<Reply> DeleteUser(const Call& call) const;
  Result<Reply> ResetPassword(const Call& call) const;
  Result<Reply> ListMembers(const Call& call) const;
  Result<Reply> PutMember(const Call& call) const;
  Result<Reply> DeleteMember(const Call& call) const;
  Result<Reply> ListApiTokens(const Call& call) const;
  Result<Reply> CreateApiToken(const Call& call) const;
  Result<Reply> GetApiToken(const Call& call) const;
  Result<Reply> DeleteApiToken(const Call& call) const;
  Result<Reply> ListAudit(const Call& call) const;
  Result<Reply> ExportAudit(const Call& call) const;

  // How often requests may come: of one who is known; from an address of nobody who is known; to
  // log in, by name and by address; and how many refusals of nobody known are written down.
  struct Limits {
    RateLimit known{200, 2000};
    RateLimit unknown{20, 200};
    RateLimit logins_by_name{0.1, 10};
    RateLimit logins_by_address{0.5, 30};
    RateLimit refusals{1, 100};
  };

  const Parts parts_;
  const std::unique_ptr<Limits> limits_ = std::make_unique<Limits>();
  std::unique_ptr<Contract> contract_;
  const std::shared_ptr<std::atomic<size_t>> watchers_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace castor::platform
