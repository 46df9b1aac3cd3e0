#include "runtime/memory/memory_guard.h"

namespace castor::runtime {
namespace {

std::string MiB(int64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

// `how`: how the limit was met.
Status UsedUp(const std::string& how, const StateHolder& largest) {
  return Status::InvalidArgument(
      "castor.memory (" + MiB(MemoryAccount::Process().limit()) + ") is used up: " + how +
      (largest.bytes == 0 ? ""
                          : "; most of the state: " + largest.operator_description + " with " +
                                MiB(largest.bytes)) +
      ". Raise castor.memory, or let state expire (table.exec.state.ttl)");
}

}  // namespace

void MemoryGuard::Limit(int64_t limit, int64_t reserve) {
  MemoryAccount::Process().set_limit(limit);
  MemoryAccount::Process().Charge(reserve);
  MemoryAccount::State().set_limit(SlowMark(limit) - reserve);
}

// Getting lower is progress: what is queued is being worked off. So is giving something out, as
// long as the figure is kept.
bool MemoryGuard::GoesOn(int64_t used, int64_t work_done) const {
  if (SourcePace() != Pace::kStop || stands_since_ == kMaxWatermark) return true;
  if (used < lowest_since_ - lowest_since_ / 64) return true;
  return work_done != work_done_ && used <= MemoryAccount::Process().limit();
}

Status MemoryGuard::Watch(TimestampMs now, int64_t work_done, const StateHolder& largest) {
  const int64_t used = MemoryAccount::Process().used();
  const bool goes_on = GoesOn(used, work_done);
  work_done_ = work_done;
  if (goes_on) {
    stands_since_ = SourcePace() == Pace::kStop ? now : kMaxWatermark;
    lowest_since_ = used;
    return Status::OK();
  }
  if (now - stands_since_ < kPatienceMs) return Status::OK();
  return UsedUp("state holds " + MiB(MemoryAccount::State().used()) + ", buffers hold " +
                    MiB(MemoryAccount::Buffers().used()),
                largest);
}

}  // namespace castor::runtime
