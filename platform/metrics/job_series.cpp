#include "platform/metrics/job_series.h"

#include <algorithm>

namespace castor::platform {
namespace {

using Figure = std::optional<double>;
using cli::JobStatus;
using cli::OperatorStatus;

template <int64_t JobStatus::* kField>
Figure Value(const JobFigures& of) {
  return static_cast<double>((*of.status).*kField);
}

template <int64_t JobStatus::* kField>
Figure Rate(const JobFigures& of) {
  return PerSecond(of.before.get(), *of.status,
                   [](const JobStatus& status) { return status.*kField; });
}

// Of the chain that has most of it.
template <std::optional<int64_t> OperatorStatus::* kField>
Figure Most(const JobFigures& of) {
  Figure most;
  for (const OperatorStatus& op : of.status->operators) {
    if (op.*kField) most = std::max(most.value_or(0), static_cast<double>(*(op.*kField)));
  }
  return most;
}

Figure Uptime(const JobFigures& of) {
  return static_cast<double>(of.status->now_ms - of.status->started_at_ms);
}

Figure WatermarkLag(const JobFigures& of) {
  if (!of.status->watermark_ms) return std::nullopt;
  return static_cast<double>(of.status->now_ms - *of.status->watermark_ms);
}

Figure LateRate(const JobFigures& of) {
  return PerSecond(of.before.get(), *of.status,
                   [](const JobStatus& status) { return status.late_records(); });
}

}  // namespace

const std::vector<JobSeries>& AllJobSeries() {
  static const std::vector<JobSeries> all = {
      {"numRecordsInPerSecond", "per second", "AVG", Rate<&JobStatus::records_in>},
      {"numRecordsOutPerSecond", "per second", "AVG", Rate<&JobStatus::records_out>},
      {"numLateRecordsDroppedPerSecond", "per second", "AVG", LateRate},
      {"busyTimeMsPerSecond", "ms per second", "AVG", Most<&OperatorStatus::busy_ms_per_second>},
      {"backPressuredTimeMsPerSecond", "ms per second", "AVG",
       Most<&OperatorStatus::back_pressured_ms_per_second>},
      {"watermarkLag", "ms", "AVG", WatermarkLag},
      {"numRestarts", "count", "MAX", Value<&JobStatus::restarts>},
      {"uptime", "ms", "MAX", Uptime},
      {"numberOfCompletedCheckpoints", "count", "MAX", Value<&JobStatus::completed_checkpoints>},
      {"numberOfFailedCheckpoints", "count", "MAX", Value<&JobStatus::failed_checkpoints>},
      {"lastCheckpointDuration", "ms", "AVG", Value<&JobStatus::checkpoint_ms>},
      {"lastCheckpointSize", "bytes", "AVG", Value<&JobStatus::checkpoint_bytes>},
      {"lastCheckpointFullSize", "bytes", "AVG", Value<&JobStatus::checkpoint_full_bytes>},
      {"stateSize", "bytes", "AVG", Value<&JobStatus::state_bytes>},
      {"memoryUsed", "bytes", "AVG", Value<&JobStatus::memory_bytes>},
  };
  return all;
}

const JobSeries* FindJobSeries(const std::string& name) {
  const auto& all = AllJobSeries();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const JobSeries& series) { return series.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace castor::platform
