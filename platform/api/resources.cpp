#include "platform/api/resources.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "platform/metadata/spec.h"

namespace castor::platform {

using Json = nlohmann::ordered_json;

namespace {

Json Condition(const char* type, bool holds, const char* reason, const std::string& message,
               int64_t time) {
  return {{"type", type},
          {"status", holds ? "True" : "False"},
          {"reason", reason},
          {"message", message},
          {"lastTransitionTime", TimeJson(time)}};
}

// Nothing is under way: what was wanted last is so, or cannot be.
bool IsSettled(const DeploymentRecord& deployment, const DeploymentStatusRecord& status,
               const std::optional<JobRecord>& job, const VersionRecord& newest) {
  if (status.seen_resource_version != deployment.resource_version) return false;
  if (newest.validity == "UNKNOWN") return false;
  const Spec spec = ReadSpec(deployment.spec);
  if (job) {
    const bool stays = newest.validity != "VALID" || spec.upgrade == UpgradeStrategy::kNone ||
                       status.failed_savepoints >= spec.max_savepoints;
    return job->state == "STARTED" && spec.state == DesiredState::kRunning &&
           status.state == "RUNNING" && (stays || job->version == newest.version);
  }
  if (spec.state == DesiredState::kSuspended) return status.state == "SUSPENDED";
  if (spec.state == DesiredState::kCancelled) return status.state == "CANCELLED";
  const bool over = status.state == "FAILED" || status.state == "FINISHED";
  return over && (newest.validity != "VALID" || status.settled_version >= newest.version);
}

// As a deployment's spec has it.
const char* EngineName(const std::string& engine) { return engine == "FLINK" ? "flink" : "native"; }

Json StatusJson(const DeploymentRecord& deployment, const DeploymentStatusRecord& status,
                const std::optional<JobRecord>& job, const VersionRecord& newest) {
  Json json = {{"state", status.state},
               {"settled", IsSettled(deployment, status, job, newest)},
               {"version", newest.version}};
  if (!status.message.empty()) json["message"] = status.message;
  Json conditions = Json::array();
  if (newest.validity == "INVALID" || newest.validity == "REJECTED") {
    const char* reason = newest.validity == "INVALID" ? "PlanningFailed" : "RolledBack";
    conditions.push_back(Condition("SpecValid", false, reason, newest.message, newest.created_at));
  }
  if (job && !job->problem.empty()) {
    conditions.push_back(
        Condition("JobUnstable", true, "NoProgress", job->problem, job->modified_at));
  }
  if (status.state == "RUNNING" && job) {
    json["running"] = {{"jobId", job->id},
                       {"transitionTime", TimeJson(status.transition_time)},
                       {"conditions", conditions}};
  } else if (job) {
    json["transitioning"] = {{"jobId", job->id}};
  }
  json["conditions"] = std::move(conditions);
  return json;
}

}  // namespace

Json TimeJson(int64_t ms) {
  if (ms == 0) return nullptr;
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  return fmt::format("{:%FT%T}.{:03d}Z", fmt::gmtime(seconds), ms % 1000);
}

Json ToJson(const DeploymentRecord& deployment, const DeploymentStatusRecord& status,
            const std::optional<JobRecord>& job, const VersionRecord& newest) {
  return {{"apiVersion", "v1"},
          {"kind", "Deployment"},
          {"metadata",
           {{"id", deployment.id},
            {"name", deployment.name},
            {"namespace", deployment.namespace_name},
            {"createdAt", TimeJson(deployment.created_at)},
            {"modifiedAt", TimeJson(deployment.modified_at)},
            {"labels", Json::parse(deployment.labels)},
            {"annotations", Json::parse(deployment.annotations)},
            {"resourceVersion", deployment.resource_version}}},
          {"spec", Json::parse(deployment.spec)},
          {"status", StatusJson(deployment, status, job, newest)}};
}

Json ToJson(const JobRecord& job) {
  Json spec = Json::parse(job.spec);
  spec["savepointLocation"] = job.restore_from.empty() ? Json(nullptr) : Json(job.restore_from);
  Json status = {{"state", job.state}, {"engine", EngineName(job.engine)}};
  if (!job.engine_reason.empty()) status["engineReason"] = job.engine_reason;
  if (job.started_at != 0) {
    status["started"] = {{"startedAt", TimeJson(job.started_at)},
                         {"lastUpdateTime", TimeJson(job.modified_at)},
                         {"observedFlinkJobRestarts", job.restarts}};
  }
  if (!job.failure_reason.empty()) {
    status["failure"] = {{"reason", job.failure_reason},
                         {"message", job.failure_message},
                         {"failedAt", TimeJson(job.ended_at)}};
  }
  return {{"apiVersion", "v1"},
          {"kind", "Job"},
          {"metadata",
           {{"id", job.id},
            {"namespace", job.namespace_name},
            {"deploymentId", job.deployment},
            {"createdAt", TimeJson(job.created_at)},
            {"modifiedAt", TimeJson(job.modified_at)},
            {"terminatedAt", TimeJson(job.ended_at)},
            {"version", job.version},
            {"attempt", job.generation}}},
          {"spec", std::move(spec)},
          {"status", std::move(status)}};
}

Json ToJson(const SavepointRecord& savepoint) {
  Json status = {{"state", savepoint.state}};
  if (savepoint.state == "FAILED") status["failure"] = {{"message", savepoint.message}};
  const bool is_there = !savepoint.location.empty();
  return {{"apiVersion", "v1"},
          {"kind", "Savepoint"},
          {"metadata",
           {{"id", savepoint.id},
            {"namespace", savepoint.namespace_name},
            {"deploymentId", savepoint.deployment},
            {"jobId", savepoint.job},
            {"origin", savepoint.origin},
            {"createdAt", TimeJson(savepoint.created_at)},
            {"modifiedAt", TimeJson(savepoint.modified_at)}}},
          {"spec", {{"savepointLocation", is_there ? Json(savepoint.location) : Json(nullptr)}}},
          {"status", std::move(status)}};
}

Json ToJson(const EventRecord& event) {
  return {{"apiVersion", "v1"},
          {"kind", "Event"},
          {"metadata",
           {{"id", event.id},
            {"name", event.name},
            {"namespace", event.namespace_name},
            {"deploymentId", event.deployment},
            {"jobId", event.job},
            {"createdAt", TimeJson(event.created_at)}}},
          {"spec", {{"message", event.message}, {"actor", event.actor}}}};
}

Json ToJson(const VersionRecord& version) {
  Json status = {{"state", version.validity}};
  if (!version.engine.empty()) {
    status["engine"] = EngineName(version.engine);
    status["engineReason"] = version.engine_reason;
  }
  if (!version.message.empty()) status["message"] = version.message;
  return {{"apiVersion", "v1"},
          {"kind", "DeploymentVersion"},
          {"metadata",
           {{"deploymentId", version.deployment},
            {"version", version.version},
            {"createdAt", TimeJson(version.created_at)}}},
          {"spec", {{"template", Json::parse(version.template_json)}}},
          {"status", std::move(status)}};
}

Json ToJson(const SecretValueRecord& secret) {
  return {{"apiVersion", "v1"},
          {"kind", "SecretValue"},
          {"metadata",
           {{"name", secret.name},
            {"namespace", secret.namespace_name},
            {"createdAt", TimeJson(secret.created_at)},
            {"modifiedAt", TimeJson(secret.modified_at)}}},
          {"spec", {{"kind", "GENERIC"}}}};
}

Json ToJson(const ArtifactRecord& artifact) {
  return {{"apiVersion", "v1"},
          {"kind", "Artifact"},
          {"metadata",
           {{"name", artifact.name},
            {"namespace", artifact.namespace_name},
            {"createdAt", TimeJson(artifact.created_at)}}},
          {"spec",
           {{"uri", "artifact:" + artifact.name},
            {"size", artifact.size},
            {"sha256", artifact.sha256}}}};
}

Json ToJson(const DeploymentDefaultsRecord& defaults) {
  Json metadata = {{"namespace", defaults.namespace_name},
                   {"resourceVersion", defaults.resource_version}};
  if (defaults.modified_at != 0) metadata["modifiedAt"] = TimeJson(defaults.modified_at);
  return {{"apiVersion", "v1"},
          {"kind", "DeploymentDefaults"},
          {"metadata", std::move(metadata)},
          {"spec", Json::parse(defaults.spec)}};
}

Json NamespaceJson(const std::string& name) {
  return {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
}

}  // namespace castor::platform
