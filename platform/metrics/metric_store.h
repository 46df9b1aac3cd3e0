// What deployments' jobs have done in the past: every sample for an hour, one value a minute for 15
// days, in a database of its own. Bounded in size: by those times, and by bytes, for which the
// oldest minutes go first.
//
// Thread-safe. Times are milliseconds since 1970.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/metadata/database.h"
#include "platform/metrics/job_series.h"

namespace castor::platform {

class MetricStore {
 public:
  static constexpr int64_t kSampleMs = 5'000;  // what a sample stands for
  static constexpr int64_t kMinuteMs = 60'000;
  static constexpr int64_t kSamplesKeptMs = 60 * kMinuteMs;
  static constexpr int64_t kMinutesKeptMs = 15 * 24 * 60 * kMinuteMs;
  static constexpr int64_t kMaxBytes = int64_t{1} << 30;

  // Makes the file, and columns for series that are new. `max_bytes` as kMaxBytes.
  static Result<std::unique_ptr<MetricStore>> Open(const std::string& path,
                                                   int64_t max_bytes = kMaxBytes);

  struct Sample {
    std::string deployment;
    std::vector<std::optional<double>> values;  // of AllJobSeries()
  };
  // Together; and makes minutes of what is older, forgets what is too old.
  Status Record(int64_t now, const std::vector<Sample>& samples);

  struct Query {
    std::string deployment;
    std::vector<const JobSeries*> series;
    int64_t from = 0;
    int64_t to = 0;  // exclusive
    int64_t step = kMinuteMs;
  };
  // For each series a value for each step; nothing where there is none. A step below a minute reads
  // samples only.
  Result<std::vector<std::vector<std::optional<double>>>> Read(const Query& query);

 private:
  MetricStore(std::unique_ptr<Database> database, int64_t max_bytes)
      : database_(std::move(database)), max_bytes_(max_bytes) {}
  Status MakeTables();
  Status AddColumns(const std::string& table);
  Status Insert(int64_t now, const Sample& sample);
  Status MakeMinutes(int64_t until);
  Status Forget(int64_t now);
  Status KeepWithinBytes();
  Result<int64_t> UsedBytes();

  std::mutex mutex_;
  const std::unique_ptr<Database> database_;
  const int64_t max_bytes_;
  int64_t minutes_until_ = 0;  // what is older has become minutes
};

}  // namespace castor::platform
