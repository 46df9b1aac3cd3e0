// Rings when events have been committed, for those who watch them.
//
// Thread-safe. Take rings() first, then look, then wait: what comes in between is not missed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace castor::platform {

class EventBell {
 public:
  void Ring() {
    {
      const std::lock_guard lock(mutex_);
      ++rings_;
    }
    rung_.notify_all();
  }

  uint64_t rings() const {
    const std::lock_guard lock(mutex_);
    return rings_;
  }

  // Until it has rung since `seen`, or the time is over.
  void Wait(uint64_t seen, std::chrono::milliseconds most) const {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, most, [&] { return rings_ != seen; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable rung_;
  uint64_t rings_ = 0;
};

}  // namespace castor::platform
