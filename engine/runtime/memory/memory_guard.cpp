#include "runtime/memory/memory_guard.h"

namespace castor::runtime {
namespace {

std::string MiB(int64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

Status MemoryGuard::Watch(TimestampMs now, const std::string& holder) {
  if (!MustPause()) {
    over_since_ = kMaxWatermark;
    return Status::OK();
  }
  const int64_t used = MemoryAccount::Process().used();
  // Getting lower is progress: what is queued is being worked off.
  if (over_since_ == kMaxWatermark || used < lowest_since_ - lowest_since_ / 64) {
    over_since_ = now;
    lowest_since_ = used;
  }
  if (now - over_since_ < kPatienceMs) return Status::OK();
  return Status::InvalidArgument(
      "castor.memory (" + MiB(MemoryAccount::Process().limit()) + ") is used up: state holds " +
      MiB(MemoryAccount::State().used()) + ", buffers hold " +
      MiB(MemoryAccount::Buffers().used()) + (holder.empty() ? "" : "; most of the state: ") +
      holder + ". Raise castor.memory, or let state expire (table.exec.state.ttl)");
}

}  // namespace castor::runtime
