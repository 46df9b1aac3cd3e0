// What work on the I/O pool has left to be done by the owner of an instance. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace castor::gemini {

class Completions {
 public:
  // `wake` is called after each, on the thread that adds it.
  explicit Completions(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Add(std::function<void()> done) {
    {
      const std::lock_guard lock(mutex_);
      done_.push_back(std::move(done));
    }
    if (wake_) wake_();
  }
  // In the order in which they were added.
  std::vector<std::function<void()>> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(done_, {});
  }

 private:
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<std::function<void()>> done_;
};

}  // namespace castor::gemini
