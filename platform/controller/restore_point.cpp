#include "platform/controller/restore_point.h"

namespace castor::platform {
namespace {

// The last checkpoint of the job; if it never took one its savepoint; else what it began with.
RestorePoint FindLatestState(const JobRecord& job, const std::string& savepoint,
                             const LatestCheckpoint& latest_checkpoint) {
  RestorePoint point = {latest_checkpoint(job.id), ""};
  if (!point.snapshot.empty()) return point;
  point.snapshot = savepoint.empty() ? job.restore_from : savepoint;
  if (job.checkpointed != 0) point.lost = "the checkpoints of job " + job.id + " are gone";
  return point;
}

}  // namespace

RestorePoint FindRestorePoint(const std::optional<JobRecord>& job,
                              const std::optional<SavepointRecord>& saved, RestoreStrategy strategy,
                              const LatestCheckpoint& latest_checkpoint) {
  const bool same_job = job && job->active();
  if (!same_job && strategy == RestoreStrategy::kNone) return {};
  // A savepoint is the latest state if the last job stopped behind it, or it came later.
  const bool of_job = saved && job && saved->job == job->id;
  const bool is_latest =
      saved && !same_job &&
      (!job || saved->modified_at >= job->ended_at || (job->ending == "SAVEPOINT" && of_job));
  const bool wants_savepoint = !same_job && strategy == RestoreStrategy::kLatestSavepoint;
  if (!job || is_latest || wants_savepoint) return {saved ? saved->location : "", ""};
  return FindLatestState(*job, of_job ? saved->location : "", latest_checkpoint);
}

}  // namespace castor::platform
