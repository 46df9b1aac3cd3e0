#include "platform/api/resources.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <map>
#include <nlohmann/json.hpp>

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
bool IsSettled(const DeploymentListing& of) {
  if (of.seen_resource_version != of.resource_version || of.validity == "UNKNOWN") return false;
  if (!of.job.empty()) {
    const bool stays = of.validity != "VALID" || of.upgrade_strategy == "NONE" ||
                       of.failed_savepoints >= of.max_savepoints;
    return of.job_state == "STARTED" && of.wanted_state == "RUNNING" && of.state == "RUNNING" &&
           (stays || of.job_version == of.version);
  }
  if (of.wanted_state != "RUNNING") return of.state == of.wanted_state;
  const bool over = of.state == "FAILED" || of.state == "FINISHED";
  return over && (of.validity != "VALID" || of.settled_version >= of.version);
}

// As a deployment's spec has it.
const char* EngineName(const std::string& engine) { return engine == "FLINK" ? "flink" : "native"; }

Json StatusJson(const DeploymentListing& of) {
  Json json = {{"state", of.state}, {"settled", IsSettled(of)}, {"version", of.version}};
  if (!of.message.empty()) json["message"] = of.message;
  Json conditions = Json::array();
  static const std::map<std::string, const char*> kReasons = {
      {"INVALID", "PlanningFailed"}, {"UNFIT", "StateWouldBeLost"}, {"REJECTED", "RolledBack"}};
  if (const auto reason = kReasons.find(of.validity); reason != kReasons.end()) {
    conditions.push_back(
        Condition("SpecValid", false, reason->second, of.validity_message, of.version_created_at));
  }
  if (!of.job_problem.empty()) {
    conditions.push_back(
        Condition("JobUnstable", true, "NoProgress", of.job_problem, of.job_modified_at));
  }
  if (of.state == "RUNNING" && !of.job.empty()) {
    json["running"] = {{"jobId", of.job},
                       {"transitionTime", TimeJson(of.transition_time)},
                       {"conditions", conditions}};
  } else if (!of.job.empty()) {
    json["transitioning"] = {{"jobId", of.job}};
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

std::string TextOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DeploymentText(const DeploymentListing& of) {
  const Json metadata = {{"id", of.id},
                         {"name", of.name},
                         {"namespace", of.namespace_name},
                         {"createdAt", TimeJson(of.created_at)},
                         {"modifiedAt", TimeJson(of.modified_at)},
                         {"resourceVersion", of.resource_version}};
  std::string head = TextOf(metadata);
  head.pop_back();  // what follows belongs to it, too
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"Deployment","metadata":{},"labels":{},"annotations":{}}},)"
      R"("spec":{},"status":{}}})",
      head, of.labels, of.annotations, of.spec, TextOf(StatusJson(of)));
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

Json ToJson(const PolicyRecord& policy) {
  Json metadata = {{"namespace", policy.namespace_name},
                   {"resourceVersion", policy.resource_version}};
  if (policy.modified_at != 0) metadata["modifiedAt"] = TimeJson(policy.modified_at);
  return {{"apiVersion", "v1"},
          {"kind", policy.kind},
          {"metadata", std::move(metadata)},
          {"spec", Json::parse(policy.spec)}};
}

Json ToJson(const AlertRuleRecord& rule) {
  return {{"apiVersion", "v1"},
          {"kind", "AlertRule"},
          {"metadata",
           {{"id", rule.id},
            {"name", rule.name},
            {"namespace", rule.namespace_name},
            {"createdAt", TimeJson(rule.created_at)},
            {"modifiedAt", TimeJson(rule.modified_at)},
            {"resourceVersion", rule.resource_version}}},
          {"spec", Json::parse(rule.spec)}};
}

Json ToJson(const AlertRecord& alert, const std::string& rule) {
  Json status = {
      {"state", alert.state}, {"message", alert.message}, {"since", TimeJson(alert.since)}};
  if (alert.fired_at != 0) status["firedAt"] = TimeJson(alert.fired_at);
  if (alert.resolved_at != 0) status["resolvedAt"] = TimeJson(alert.resolved_at);
  return {{"apiVersion", "v1"},
          {"kind", "Alert"},
          {"metadata",
           {{"rule", rule},
            {"deploymentId", alert.deployment},
            {"deploymentName", alert.deployment_name},
            {"namespace", alert.namespace_name}}},
          {"status", std::move(status)}};
}

Json ToJson(const AlertDeliveryRecord& delivery, const std::string& rule) {
  Json status = {{"state", delivery.state}, {"attempts", delivery.attempts}};
  if (!delivery.message.empty()) status["message"] = delivery.message;
  if (delivery.state == "PENDING") status["nextAttemptAt"] = TimeJson(delivery.next_at);
  return {{"apiVersion", "v1"},
          {"kind", "AlertDelivery"},
          {"metadata",
           {{"id", delivery.id},
            {"rule", rule},
            {"deploymentId", delivery.deployment},
            {"namespace", delivery.namespace_name},
            {"createdAt", TimeJson(delivery.created_at)},
            {"modifiedAt", TimeJson(delivery.modified_at)}}},
          {"spec", {{"body", Json::parse(delivery.body)}}},
          {"status", std::move(status)}};
}

Json NamespaceJson(const std::string& name) {
  return {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
}

}  // namespace castor::platform
