#include "gemini/tuning/separation_policy.h"

#include "gemini/run/value_file.h"
#include "gemini/tuning/decision.h"

namespace castor::gemini {
namespace {

// Before so many bytes would have been copied nothing is decided.
constexpr double kEnough = 16 << 20;
// Among these powers of two.
constexpr uint32_t kLeast = 128, kMost = 1 << 16;

std::string Named(uint32_t separate_from) {
  return separate_from == 0 ? "none" : std::to_string(separate_from) + " bytes and more";
}

}  // namespace

SeparationPolicy::Cost SeparationPolicy::CostOf(uint32_t separate_from, double read_cost) const {
  Cost cost;
  for (size_t i = 0; i < ValueSizes::kClasses; ++i) {
    const uint64_t least = ValueSizes::LeastOf(i);
    const bool apart = separate_from > 0 && least >= separate_from;
    const double bytes = apart ? sizeof(ValuePointer) : static_cast<double>(least) * 1.5;
    cost.copied += bytes * static_cast<double>(merged_.counts[i]);
    if (apart) cost.read += read_cost * static_cast<double>(read_.counts[i]);
  }
  return cost;
}

uint32_t SeparationPolicy::Cheapest(double read_cost) const {
  uint32_t best = 0;
  for (uint32_t size = kLeast; size <= kMost; size *= 2) {
    if (CostOf(size, read_cost).total() < CostOf(best, read_cost).total()) best = size;
  }
  return best;
}

std::optional<std::string> SeparationPolicy::Decide(double read_cost) {
  if (CostOf(0, read_cost).copied < kEnough) return std::nullopt;
  const uint32_t before = separate_from_;
  const uint32_t best = Cheapest(read_cost);
  const Cost as_is = CostOf(before, read_cost), better = CostOf(best, read_cost);
  std::optional<std::string> decision;
  if (better.total() < kBetter * as_is.total()) {
    separate_from_ = best;
    decision = "values that stand apart: " + Named(best) + ", before: " + Named(before) +
               "; of what has been merged and read lately that would have copied " +
               Megabytes(better.copied) + " instead of " + Megabytes(as_is.copied) +
               ", at the price of reads worth " + Megabytes(better.read) + " instead of " +
               Megabytes(as_is.read);
  }
  merged_.Halve();
  read_.Halve();
  return decision;
}

}  // namespace castor::gemini
