// What an owner sleeps on when none of its states can go on. Wake may be called on any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace castor::gemini {

class Wakening {
 public:
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }
  // Others may give back what its states wait for, so it looks again after a while.
  void Sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5), [this] { return woken_; });
    woken_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace castor::gemini
