#include "platform/metadata/savepoints.h"

namespace castor::platform {

Result<bool> IsNeeded(Session* session, const SavepointRecord& savepoint) {
  if (savepoint.state != "COMPLETED") return savepoint.state == "STARTED";
  CASTOR_ASSIGN_OR_RETURN(const auto version, session->Find<VersionRecord>("WHERE begin_with = ?",
                                                                           {savepoint.location}));
  if (version) return true;
  CASTOR_ASSIGN_OR_RETURN(const auto job,
                          session->Find<JobRecord>("WHERE ended_at = 0 AND checkpointed = 0 AND "
                                                   "restore_from = ?",
                                                   {savepoint.location}));
  if (job) return true;
  CASTOR_ASSIGN_OR_RETURN(
      const auto attempt,
      session->Find<AttemptRecord>("WHERE restore_from = ? AND job IN (SELECT id FROM jobs WHERE "
                                   "ended_at = 0 AND checkpointed = 0)",
                                   {savepoint.location}));
  if (attempt) return true;
  CASTOR_ASSIGN_OR_RETURN(const auto last,
                          session->Find<SavepointRecord>(
                              "WHERE deployment = ? AND state = 'COMPLETED' ORDER BY sequence DESC",
                              {savepoint.deployment}));
  if (!last || last->id != savepoint.id) return false;
  // A job that lives and has checkpoints has its state there.
  CASTOR_ASSIGN_OR_RETURN(
      const auto saved,
      session->Find<JobRecord>("WHERE deployment = ? AND ended_at = 0 AND checkpointed = 1",
                               {savepoint.deployment}));
  return !saved.has_value();
}

}  // namespace castor::platform
