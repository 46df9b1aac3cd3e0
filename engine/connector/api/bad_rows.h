// What happens to records that a table's format cannot read: the options `castor.bad-rows` and
// `castor.bad-rows.path` of spec/options/common.json, the same for every source that reads a
// format.
//
// Free functions, thread-safe. A reader calls HandleBadRecords for what its decoder refused; the
// runtime writes the dead letters and counts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "connector/api/source.h"
#include "format/api/format.h"

namespace castor::connector {

inline constexpr const char* kBadRowsOption = "castor.bad-rows";
inline constexpr const char* kBadRowsPathOption = "castor.bad-rows.path";

enum class BadRowPolicy : uint8_t { kFail, kSkip, kDeadLetter };

// Errors name the option. Dead letters need a path.
Result<BadRowPolicy> ReadBadRowPolicy(const std::map<std::string, std::string>& table_options);

// The error with which a job fails: table, origin, what is wrong, how the record begins, the
// remedy.
Status BadRowError(const std::string& table, const BadRow& row);

// `describe` makes the BadRow of a BadRecord; it is only called for rows that somebody will see.
template <typename Describe>
Status HandleBadRecords(BadRowPolicy policy, const std::string& table,
                        const std::vector<format::BadRecord>& records, Describe describe,
                        PollResult* result) {
  if (records.empty()) return Status::OK();
  if (policy == BadRowPolicy::kFail) return BadRowError(table, describe(records.front()));
  if (policy == BadRowPolicy::kSkip) {
    result->skipped_rows += static_cast<int64_t>(records.size());
    return Status::OK();
  }
  for (const format::BadRecord& record : records) result->bad_rows.push_back(describe(record));
  return Status::OK();
}

}  // namespace castor::connector
