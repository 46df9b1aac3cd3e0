// A job's status as people read it. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/job/job_status.h"
#include "cli/terminal/terminal.h"

namespace castor::cli {

struct Rates {
  double in = 0;  // rows per second
  double out = 0;
};

// Between two moments of a job, or since its start.
Rates RatesBetween(const std::optional<JobStatus>& before, const JobStatus& now);

// When a checkpoint completed is not told: whoever watches sees the count change.
struct CheckpointAge {
  int64_t completed = 0;
  int64_t seen_at_ms = 0;
};

// The block that is redrawn in place. `hint` says what can be done, on the last line.
std::vector<std::string> LiveLines(const JobStatus& status, const Rates& rates,
                                   const CheckpointAge& age, const std::string& hint,
                                   const Style& style);

// A text that names tables as Flink does, with the default catalog and database left out: they go
// without saying.
std::string WithoutDefaults(std::string text);

// One line for logs.
std::string PlainLine(const JobStatus& status, const Rates& rates);

// "top_bidders finished after 12.3 s: 1,000,000 rows in (81.3k/s), 1,234 out, 3 checkpoints"
std::string SummaryLine(const JobStatus& status, const std::string& verb, const Style& style);

}  // namespace castor::cli
