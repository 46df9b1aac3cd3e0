#include "platform/retention/needed_files.h"

#include "platform/metadata/versions.h"

namespace castor::platform {
namespace {

template <typename Record>
Result<bool> Has(Session* session, std::string_view clause, const std::vector<Value>& values) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, session->Find<Record>(clause, values));
  return found.has_value();
}

}  // namespace

Result<bool> HasNeededSnapshot(Session* session, const std::string& folder) {
  // Behind "/" comes "0": between the two is all that lies in the folder.
  const std::string first = folder + "/", behind = folder + "0";
  CASTOR_ASSIGN_OR_RETURN(
      bool needed,
      Has<SavepointRecord>(session, "WHERE location > ? AND location < ? AND state != 'FAILED'",
                           {first, behind}));
  if (needed) return true;
  CASTOR_ASSIGN_OR_RETURN(
      needed,
      Has<VersionRecord>(session, "WHERE begin_with > ? AND begin_with < ?", {first, behind}));
  if (needed) return true;
  CASTOR_ASSIGN_OR_RETURN(
      needed,
      Has<JobRecord>(session,
                     "WHERE restore_from > ? AND restore_from < ? AND (ended_at = 0 OR version = "
                     "(SELECT version FROM deployments WHERE id = jobs.deployment) OR sequence = "
                     "(SELECT MAX(sequence) FROM jobs newest WHERE newest.deployment = "
                     "jobs.deployment))",
                     {first, behind}));
  if (needed) return true;
  return Has<AttemptRecord>(
      session,
      "WHERE restore_from > ? AND restore_from < ? AND job IN (SELECT id FROM "
      "jobs WHERE ended_at = 0)",
      {first, behind});
}

Result<bool> IsNeededJob(Session* session, const JobRecord& job) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto newest,
      session->Find<JobRecord>("WHERE deployment = ? ORDER BY sequence DESC", {job.deployment}));
  if (job.active() || !newest || newest->id == job.id) return true;
  CASTOR_ASSIGN_OR_RETURN(const auto deployment,
                          session->Find<DeploymentRecord>("WHERE id = ?", {job.deployment}));
  if (!deployment) return false;
  CASTOR_ASSIGN_OR_RETURN(const auto fallback,
                          FindWorkingBefore(session, job.deployment, deployment->version));
  const bool is_newest_version = job.version == deployment->version;
  if (!is_newest_version && (!fallback || fallback->version != job.version)) return false;
  CASTOR_ASSIGN_OR_RETURN(
      const auto first,
      session->Find<JobRecord>("WHERE deployment = ? AND version = ? ORDER BY sequence",
                               {job.deployment, job.version}));
  if (is_newest_version && first && first->id == job.id) return true;
  CASTOR_ASSIGN_OR_RETURN(const bool others,
                          HasWorked(session, job.deployment, job.version, job.sequence));
  return !others;
}

}  // namespace castor::platform
