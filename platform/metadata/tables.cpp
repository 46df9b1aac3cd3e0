#include "platform/metadata/tables.h"

namespace castor::platform {

template <>
const Table<DeploymentRecord>& TableOf() {
  using R = DeploymentRecord;
  static const Table<R> table = {"deployments",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"labels", &R::labels},
                                  {"annotations", &R::annotations},
                                  {"spec", &R::spec},
                                  {"version", &R::version},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<DeploymentStatusRecord>& TableOf() {
  using R = DeploymentStatusRecord;
  static const Table<R> table = {"deployment_status",
                                 1,
                                 {{"deployment", &R::deployment},
                                  {"state", &R::state},
                                  {"message", &R::message},
                                  {"transition_time", &R::transition_time},
                                  {"settled_version", &R::settled_version},
                                  {"failed_starts", &R::failed_starts},
                                  {"failed_savepoints", &R::failed_savepoints},
                                  {"retry_at", &R::retry_at},
                                  {"seen_resource_version", &R::seen_resource_version}}};
  return table;
}

template <>
const Table<VersionRecord>& TableOf() {
  using R = VersionRecord;
  static const Table<R> table = {"versions",
                                 2,
                                 {{"deployment", &R::deployment},
                                  {"version", &R::version},
                                  {"template", &R::template_json},
                                  {"validity", &R::validity},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"begin_with", &R::begin_with},
                                  {"engine", &R::engine},
                                  {"engine_reason", &R::engine_reason}}};
  return table;
}

template <>
const Table<JobRecord>& TableOf() {
  using R = JobRecord;
  static const Table<R> table = {"jobs",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"version", &R::version},
                                  {"spec", &R::spec},
                                  {"restore_from", &R::restore_from},
                                  {"state", &R::state},
                                  {"ending", &R::ending},
                                  {"generation", &R::generation},
                                  {"restarts", &R::restarts},
                                  {"checkpointed", &R::checkpointed},
                                  {"failure_reason", &R::failure_reason},
                                  {"failure_message", &R::failure_message},
                                  {"problem", &R::problem},
                                  {"engine", &R::engine},
                                  {"engine_reason", &R::engine_reason},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at},
                                  {"started_at", &R::started_at},
                                  {"ended_at", &R::ended_at}}};
  return table;
}

template <>
const Table<AttemptRecord>& TableOf() {
  using R = AttemptRecord;
  static const Table<R> table = {"attempts",
                                 2,
                                 {{"job", &R::job},
                                  {"generation", &R::generation},
                                  {"restore_from", &R::restore_from},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<SavepointRecord>& TableOf() {
  using R = SavepointRecord;
  static const Table<R> table = {"savepoints",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"job", &R::job},
                                  {"origin", &R::origin},
                                  {"state", &R::state},
                                  {"location", &R::location},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SecretValueRecord>& TableOf() {
  using R = SecretValueRecord;
  static const Table<R> table = {"secret_values",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"value", &R::value},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<ArtifactRecord>& TableOf() {
  using R = ArtifactRecord;
  static const Table<R> table = {"artifacts",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"size", &R::size},
                                  {"sha256", &R::sha256},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<DeploymentDefaultsRecord>& TableOf() {
  using R = DeploymentDefaultsRecord;
  static const Table<R> table = {"deployment_defaults",
                                 1,
                                 {{"namespace", &R::namespace_name},
                                  {"spec", &R::spec},
                                  {"resource_version", &R::resource_version},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SqlScriptRecord>& TableOf() {
  using R = SqlScriptRecord;
  static const Table<R> table = {"sql_scripts",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"folder", &R::folder},
                                  {"version", &R::version},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SqlScriptVersionRecord>& TableOf() {
  using R = SqlScriptVersionRecord;
  static const Table<R> table = {"sql_script_versions",
                                 2,
                                 {{"script", &R::script},
                                  {"version", &R::version},
                                  {"text", &R::text},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<AlertRuleRecord>& TableOf() {
  using R = AlertRuleRecord;
  static const Table<R> table = {"alert_rules",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"spec", &R::spec},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<AlertRecord>& TableOf() {
  using R = AlertRecord;
  static const Table<R> table = {"alerts",
                                 2,
                                 {{"rule", &R::rule},
                                  {"deployment", &R::deployment},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"deployment_name", &R::deployment_name},
                                  {"state", &R::state},
                                  {"message", &R::message},
                                  {"since", &R::since},
                                  {"fired_at", &R::fired_at},
                                  {"resolved_at", &R::resolved_at}}};
  return table;
}

template <>
const Table<AlertDeliveryRecord>& TableOf() {
  using R = AlertDeliveryRecord;
  static const Table<R> table = {"alert_deliveries",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"rule", &R::rule},
                                  {"deployment", &R::deployment},
                                  {"body", &R::body},
                                  {"state", &R::state},
                                  {"message", &R::message},
                                  {"attempts", &R::attempts},
                                  {"next_at", &R::next_at},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<PolicyRecord>& TableOf() {
  using R = PolicyRecord;
  static const Table<R> table = {"policies",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"kind", &R::kind},
                                  {"spec", &R::spec},
                                  {"resource_version", &R::resource_version},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<DeletionRecord>& TableOf() {
  using R = DeletionRecord;
  static const Table<R> table = {
      "deletions", 1, {{"path", &R::path}, {"recorded_at", &R::recorded_at}}};
  return table;
}

template <>
const Table<DeploymentListing>& TableOf() {
  using R = DeploymentListing;
  static const Table<R> table = {"deployment_listing",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"labels", &R::labels},
                                  {"annotations", &R::annotations},
                                  {"spec", &R::spec},
                                  {"version", &R::version},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at},
                                  {"wanted_state", &R::wanted_state},
                                  {"upgrade_strategy", &R::upgrade_strategy},
                                  {"max_savepoints", &R::max_savepoints},
                                  {"state", &R::state},
                                  {"message", &R::message},
                                  {"transition_time", &R::transition_time},
                                  {"settled_version", &R::settled_version},
                                  {"failed_savepoints", &R::failed_savepoints},
                                  {"seen_resource_version", &R::seen_resource_version},
                                  {"validity", &R::validity},
                                  {"validity_message", &R::validity_message},
                                  {"version_created_at", &R::version_created_at},
                                  {"job", &R::job},
                                  {"job_state", &R::job_state},
                                  {"job_version", &R::job_version},
                                  {"job_problem", &R::job_problem},
                                  {"job_modified_at", &R::job_modified_at}}};
  return table;
}

template <>
const Table<EventRecord>& TableOf() {
  using R = EventRecord;
  static const Table<R> table = {"events",
                                 1,
                                 {{"sequence", &R::sequence},
                                  {"id", &R::id},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"job", &R::job},
                                  {"name", &R::name},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"actor", &R::actor}}};
  return table;
}

template <>
const Table<UserRecord>& TableOf() {
  using R = UserRecord;
  static const Table<R> table = {"users",
                                 1,
                                 {{"name", &R::name},
                                  {"password", &R::password},
                                  {"is_admin", &R::is_admin},
                                  {"must_change", &R::must_change},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<MemberRecord>& TableOf() {
  using R = MemberRecord;
  static const Table<R> table = {"members",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"user", &R::user},
                                  {"role", &R::role},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<LoginRecord>& TableOf() {
  using R = LoginRecord;
  static const Table<R> table = {"logins",
                                 1,
                                 {{"digest", &R::digest},
                                  {"user", &R::user},
                                  {"created_at", &R::created_at},
                                  {"expires_at", &R::expires_at}}};
  return table;
}

template <>
const Table<TokenRecord>& TableOf() {
  using R = TokenRecord;
  static const Table<R> table = {"tokens",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"digest", &R::digest},
                                  {"user", &R::user},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"role", &R::role},
                                  {"created_by", &R::created_by},
                                  {"created_at", &R::created_at},
                                  {"last_used_at", &R::last_used_at}}};
  return table;
}

template <>
const Table<AuditRecord>& TableOf() {
  using R = AuditRecord;
  static const Table<R> table = {"audit",
                                 1,
                                 {{"sequence", &R::sequence},
                                  {"created_at", &R::created_at},
                                  {"actor", &R::actor},
                                  {"address", &R::address},
                                  {"operation", &R::operation},
                                  {"namespace", &R::namespace_name},
                                  {"resource", &R::resource},
                                  {"resource_version", &R::resource_version},
                                  {"status", &R::status},
                                  {"message", &R::message}}};
  return table;
}

}  // namespace castor::platform
