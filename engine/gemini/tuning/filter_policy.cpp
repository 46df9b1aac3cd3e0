#include "gemini/tuning/filter_policy.h"

#include "gemini/tuning/decision.h"

namespace castor::gemini {
namespace {

// Reads spared by a change, if it is one for the better.
double GainOf(const FilterUse& run, double by_records) {
  const double by_filter = run.in_memory ? run.ruled_out : run.read_in_vain;
  const double as_is = run.in_memory ? by_filter : by_records;
  const double changed = run.in_memory ? by_records : by_filter;
  return as_is < kBetter * changed ? changed - as_is : 0;
}

std::string Reason(const FilterUse& run, double by_records) {
  const std::string bytes = Megabytes(static_cast<double>(run.filter_bytes));
  const std::string records = Rounded(by_records);
  if (run.in_memory) {
    return "a filter of " + bytes + " leaves memory: it has lately spared " +
           Rounded(run.ruled_out) + " reads, and records in its place would have spared " + records;
  }
  return "a filter of " + bytes + " comes to memory: it would lately have spared " +
         Rounded(run.read_in_vain) + " reads, and records in its place " + records;
}

}  // namespace

std::optional<FilterChange> DecideFilters(std::span<const FilterUse> runs,
                                          const std::function<double(int64_t)>& reads_within,
                                          double enough) {
  std::optional<FilterChange> best;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].filter_bytes == 0) continue;
    const double by_records = reads_within(runs[i].filter_bytes);
    const double gain = GainOf(runs[i], by_records);
    if (gain < enough) continue;
    enough = gain;
    best = FilterChange{i, !runs[i].in_memory, Reason(runs[i], by_records)};
  }
  return best;
}

}  // namespace castor::gemini
