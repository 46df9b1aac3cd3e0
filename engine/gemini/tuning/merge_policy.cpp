#include "gemini/tuning/merge_policy.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "gemini/tuning/decision.h"

namespace castor::gemini {
namespace {

constexpr std::array<size_t, 4> kFanIns = {2, 4, 8, 16};
// Asking a filter takes as long as copying so many bytes: a miss of the processor's caches.
constexpr double kProbeCost = 128;
// Of what filters are asked so much is read though there is nothing.
constexpr double kFalse = 0.01;

struct Cost {
  double copied = 0, looked_up = 0;  // in bytes that are copied
  double total() const { return copied + looked_up; }
};

// Runs up to half of the oldest one's size are merged by fan-in, and then with it, whatever that
// is.
Cost CostOf(size_t fan_in, const MergeUse& use, double read_cost) {
  const double span = std::max(use.stored_bytes / 2 / std::max(use.run_bytes, 1.0), 1.0);
  const double levels = std::log(span) / std::log(static_cast<double>(fan_in));
  const double runs = 1 + levels * static_cast<double>(fan_in - 1) / 2;
  Cost cost;
  cost.copied = use.written_bytes * levels;
  cost.looked_up = runs * (use.probes * (kProbeCost + kFalse * read_cost) + use.walks * read_cost);
  return cost;
}

}  // namespace

std::optional<MergeChange> DecideMerging(const MergeUse& use, double read_cost, double enough) {
  size_t best = use.fan_in;
  for (const size_t fan_in : kFanIns) {
    if (CostOf(fan_in, use, read_cost).total() < CostOf(best, use, read_cost).total()) {
      best = fan_in;
    }
  }
  const Cost as_is = CostOf(use.fan_in, use, read_cost), better = CostOf(best, use, read_cost);
  if (better.total() >= kBetter * as_is.total() || as_is.total() - better.total() < enough) {
    return std::nullopt;
  }
  return MergeChange{best, "runs that become one: " + std::to_string(best) + ", before: " +
                               std::to_string(use.fan_in) + "; that would lately have copied " +
                               Megabytes(better.copied) + " instead of " + Megabytes(as_is.copied) +
                               ", with lookups worth " + Megabytes(better.looked_up) +
                               " instead of " + Megabytes(as_is.looked_up)};
}

}  // namespace castor::gemini
