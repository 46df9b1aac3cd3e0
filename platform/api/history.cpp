// Jobs, savepoints and events: what has become of deployments.
#include <nlohmann/json.hpp>

#include "platform/api/api.h"
#include "platform/api/deployment_lookup.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/metadata/savepoints.h"
#include "platform/retention/sweeper.h"
#include "platform/targets/snapshots.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

template <typename Record>
Result<Json> List(Session* session, const Call& call, const char* kind,
                  const std::vector<std::pair<const char*, const char*>>& equal) {
  const PageRequest page = ReadPage(call);
  PageQuery query = QueryOf(call, equal, page);
  // One more than asked for tells whether there is a next page.
  query.clause += " LIMIT " + std::to_string(page.size + 1);
  CASTOR_ASSIGN_OR_RETURN(const auto records, session->Select<Record>(query.clause, query.values));
  Json items = Json::array();
  int64_t last = 0;
  for (const Record& record : records) {
    if (static_cast<int64_t>(items.size()) == page.size) {
      return PageJson(kind, std::move(items), last);
    }
    items.push_back(ToJson(record));
    last = record.sequence;
  }
  return PageJson(kind, std::move(items), 0);
}

template <typename Record>
Result<Record> FindIn(Session* session, const Call& call, const char* what) {
  const std::string& id = call.parameters.at("id");
  CASTOR_ASSIGN_OR_RETURN(auto found, session->Find<Record>("WHERE namespace = ? AND id = ?",
                                                            {call.parameters.at("namespace"), id}));
  if (!found) return Status::NotFound(std::string("there is no ") + what + " with the id " + id);
  return std::move(*found);
}

// Where Flink shows the job, while it does.
void AddFlink(const JobBoard& board, Json* job) {
  const auto figures = board.Find((*job)["metadata"]["id"].get<std::string>());
  if (!figures || figures->status->flink_job_id.empty()) return;
  Json& status = (*job)["status"];
  if (!status.contains("started")) return;
  status["started"]["flinkJobId"] = figures->status->flink_job_id;
  status["started"]["flinkUiUrl"] = figures->status->flink_ui_url;
}

}  // namespace

Result<JobRecord> FindJob(Session* session, const Call& call) {
  return FindIn<JobRecord>(session, call, "job");
}

Result<Api::Reply> Api::ListJobs(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(
      Json list, List<JobRecord>(&session, call, "JobList",
                                 {{"namespace", "namespace"}, {"deploymentId", "deployment"}}));
  for (Json& job : list["items"]) AddFlink(*parts_.board, &job);
  return Reply(200, list);
}

Result<Api::Reply> Api::GetJob(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const JobRecord job, FindJob(&session, call));
  Json shown = ToJson(job);
  AddFlink(*parts_.board, &shown);
  return Reply(200, shown);
}

Result<Api::Reply> Api::GetJobLog(const Call& call) const {
  std::optional<JobRecord> job;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
    CASTOR_ASSIGN_OR_RETURN(job, FindJob(&session, call));
  }
  CASTOR_ASSIGN_OR_RETURN(const std::string text, parts_.log(*job));
  Json shown = ToJson(*job);
  return Reply(200, {{"apiVersion", "v1"},
                     {"kind", "JobLog"},
                     {"metadata", shown["metadata"]},
                     {"spec", {{"text", text}}}});
}

Result<Api::Reply> Api::ListSavepoints(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const Json list, List<SavepointRecord>(&session, call, "SavepointList",
                                                                 {{"namespace", "namespace"},
                                                                  {"deploymentId", "deployment"},
                                                                  {"jobId", "job"}}));
  return Reply(200, list);
}

Result<Api::Reply> Api::GetSavepoint(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const SavepointRecord savepoint,
                          FindIn<SavepointRecord>(&session, call, "savepoint"));
  return Reply(200, ToJson(savepoint));
}

Result<Api::Reply> Api::DeleteSavepoint(const Call& call) const {
  SavepointRecord savepoint;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(savepoint, FindIn<SavepointRecord>(&session, call, "savepoint"));
    CASTOR_ASSIGN_OR_RETURN(const bool needed, IsNeeded(&session, savepoint));
    if (needed) {
      return Reply::Refused(409,
                            "the deployment would go on from this savepoint, or it is being taken");
    }
    savepoint.state = "PENDING_DELETION";
    savepoint.modified_at = NowMs();
    CASTOR_RETURN_NOT_OK(session.Save(savepoint));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  parts_.changed(savepoint.deployment);
  return Reply(200, ToJson(savepoint));
}

Result<Api::Reply> Api::CreateSavepoint(const Call& call) const {
  const auto deployment_id = call.body->at("metadata").at("deploymentId").get<std::string>();
  const auto spec = call.body->value("spec", nlohmann::json::object());
  SavepointRecord savepoint;
  savepoint.id = NewId();
  savepoint.namespace_name = call.parameters.at("namespace");
  savepoint.deployment = deployment_id;
  savepoint.created_at = savepoint.modified_at = NowMs();
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
    CASTOR_ASSIGN_OR_RETURN(const auto deployment, session.Find<DeploymentRecord>(
                                                       "WHERE namespace = ? AND id = ?",
                                                       {savepoint.namespace_name, deployment_id}));
    if (!deployment) return Status::NotFound("there is no deployment with the id " + deployment_id);
    CASTOR_ASSIGN_OR_RETURN(
        const auto job,
        session.Find<JobRecord>("WHERE deployment = ? AND ended_at = 0", {deployment_id}));
    if (spec.contains("savepointLocation")) {
      savepoint.location = spec["savepointLocation"];
      savepoint.origin = "COPIED";
      savepoint.state = "COMPLETED";
      if (!IsSnapshot(savepoint.location)) {
        return Reply::Refused(400, savepoint.location + " is no complete snapshot");
      }
      CASTOR_ASSIGN_OR_RETURN(const bool goes, IsBeingDeleted(&session, savepoint.location));
      if (goes) return Reply::Refused(400, savepoint.location + " is being deleted");
    } else if (job && job->state == "STARTED") {
      savepoint.job = job->id;
      savepoint.origin = "USER_REQUEST";
    } else {
      return Reply::Refused(409, "a savepoint can be taken while a job is STARTED");
    }
    CASTOR_ASSIGN_OR_RETURN(savepoint.sequence, session.NextSequence<SavepointRecord>());
    CASTOR_RETURN_NOT_OK(session.Save(savepoint));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  parts_.changed(deployment_id);
  return Reply(201, ToJson(savepoint));
}

Result<Api::Reply> Api::ListEvents(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const Json list, List<EventRecord>(&session, call, "EventList",
                                                             {{"namespace", "namespace"},
                                                              {"deploymentId", "deployment"},
                                                              {"jobId", "job"}}));
  return Reply(200, list);
}

}  // namespace castor::platform
