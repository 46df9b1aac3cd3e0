// How an instance's owner sleeps until work that it waits for has been done. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace castor::flink {

class WakeSignal {
 public:
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      ++wakes_;
    }
    woken_.notify_all();
  }
  // So many wakes there have been. To be asked before looking whether there is anything to wait
  // for, so that no wake is missed.
  uint64_t Seen() const {
    const std::lock_guard lock(mutex_);
    return wakes_;
  }
  // Until there is one more than `seen`.
  void WaitBeyond(uint64_t seen) {
    std::unique_lock lock(mutex_);
    woken_.wait(lock, [&] { return wakes_ > seen; });
  }
  // Or the time has passed.
  void WaitBeyond(uint64_t seen, std::chrono::microseconds most) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, most, [&] { return wakes_ > seen; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  uint64_t wakes_ = 0;
};

}  // namespace castor::flink
