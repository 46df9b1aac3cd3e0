// When a partition of a `filesystem` table is complete, and making that known with a success file.
//
// After Flink's PartitionCommitTrigger, PartitionTimeCommitPredicate, ProcTimeCommitPredicate and
// DefaultPartTimeExtractor. Each writer says at every checkpoint which partitions it has written to
// and how far its watermark is (PartitionReport, a committable); the committer, once the files of a
// checkpoint are visible, commits what is due by the watermark that all writers have passed.
// Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.h"
#include "base/status.h"
#include "plan/table.h"

namespace castor::connector::filesystem {

struct PartitionCommitOptions {
  bool enabled = false;  // there are partitions and a policy
  bool by_partition_time = false;
  int64_t delay_ms = 0;
  std::string time_zone;  // of watermarks
  std::string pattern;    // puts a timestamp together; empty: the first key is one
  std::string success_file;

  // Errors name the option.
  static Result<PartitionCommitOptions> Parse(const plan::Table& table);

  // Whether a partition ("k=v/k2=v2/"), first written to at `created`, is complete. Errors show the
  // text that is no timestamp.
  Result<bool> IsDue(std::string_view partition, TimestampMs created, TimestampMs watermark,
                     TimestampMs now) const;
  // The instant of a partition's time.
  Result<TimestampMs> PartitionTime(std::string_view partition) const;
};

// What a writer says at a checkpoint.
struct PartitionReport {
  int32_t subtask = 0;
  int32_t parallelism = 1;
  TimestampMs watermark = kMinTimestamp;
  std::map<std::string, TimestampMs> pending;  // partition, and when it was first written to
  std::set<std::string> open;  // of these: those with rows in a file that is not committed yet

  nlohmann::json ToJson() const;
  std::string ToText() const;
  // False if it is something else.
  static bool FromJson(const nlohmann::json& json, PartitionReport* report);
  static bool FromText(std::string_view text, PartitionReport* report);
};

}  // namespace castor::connector::filesystem
