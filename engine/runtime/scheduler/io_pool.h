// Threads for work that blocks: split discovery, snapshot files, commits. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace castor::runtime {

class IoPool {
 public:
  explicit IoPool(int threads);
  ~IoPool() { Stop(); }

  // Work submitted after Stop is dropped.
  void Submit(std::function<void()> work);
  // Waits for what runs, drops what is queued.
  void Stop();

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace castor::runtime
