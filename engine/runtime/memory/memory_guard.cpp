#include "runtime/memory/memory_guard.h"

namespace castor::runtime {
namespace {

std::string MiB(int64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

// Getting lower is progress: what is queued is being worked off. So is giving something out, as
// long as the figure is kept.
bool MemoryGuard::GoesOn(int64_t used, int64_t work_done) const {
  if (SourcePace() != Pace::kStop || stands_since_ == kMaxWatermark) return true;
  if (used < lowest_since_ - lowest_since_ / 64) return true;
  return work_done != work_done_ && used <= MemoryAccount::Process().limit();
}

Status MemoryGuard::Watch(TimestampMs now, int64_t work_done, const std::string& holder) {
  const int64_t used = MemoryAccount::Process().used();
  const bool goes_on = GoesOn(used, work_done);
  work_done_ = work_done;
  if (goes_on) {
    stands_since_ = SourcePace() == Pace::kStop ? now : kMaxWatermark;
    lowest_since_ = used;
    return Status::OK();
  }
  if (now - stands_since_ < kPatienceMs) return Status::OK();
  return Status::InvalidArgument(
      "castor.memory (" + MiB(MemoryAccount::Process().limit()) + ") is used up: state holds " +
      MiB(MemoryAccount::State().used()) + ", buffers hold " +
      MiB(MemoryAccount::Buffers().used()) + (holder.empty() ? "" : "; most of the state: ") +
      holder + ". Raise castor.memory, or let state expire (table.exec.state.ttl)");
}

}  // namespace castor::runtime
