#include "runtime/memory/memory_guard.h"

#include "base/resident_memory.h"

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

// What is resident and in no account.
int64_t UnseenBytes() {
  const int64_t seen = MemoryAccount::State().used() + MemoryAccount::Buffers().used();
  return ResidentBytes() - seen;
}

}  // namespace

std::atomic<int64_t> MemoryGuard::reserve_{0};
std::atomic<int64_t> MemoryGuard::state_{MemoryAccount::kUnlimited};

void MemoryGuard::Limit(int64_t limit, int64_t reserve, int64_t state) {
  MemoryAccount::Process().set_limit(limit);
  MemoryAccount::Process().Charge(reserve);
  reserve_ = reserve;
  state_ = state;
  MemoryAccount::State().set_limit(StateBytes());
}

MemoryGuard::~MemoryGuard() {
  if (beyond_reserve_ > 0) MemoryAccount::State().set_limit(StateBytes());
}

// What was freed and not given back is done so first. Up at once, down slowly; and state keeps half
// of what it may have, since with nothing a job would stand still.
void MemoryGuard::Measure(TimestampMs now) {
  if (MemoryAccount::Process().limit() == MemoryAccount::kUnlimited) return;
  const int64_t reserve = reserve_;
  int64_t unseen = UnseenBytes();
  if (unseen > reserve && now - kTrimMs >= trimmed_) {
    trimmed_ = now;
    GiveBackFreeMemory();
    unseen = UnseenBytes();
  }
  const int64_t beyond = std::clamp<int64_t>(unseen - reserve, 0, StateBytes() / 2);
  const int64_t fall = (beyond_reserve_ - beyond) / 8;
  beyond_reserve_ = fall > kLeastFall ? beyond_reserve_ - fall : beyond;
  MemoryAccount::State().set_limit(StateBytes() - beyond_reserve_);
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
