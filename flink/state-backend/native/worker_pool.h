// Threads for what blocks: reading and writing runs, merging them. One pool for all instances of
// the process, which goes when the last of them has gone. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace castor::flink {

class WorkerPool {
 public:
  // The one of the process; the first caller makes it.
  static std::shared_ptr<WorkerPool> OfProcess();

  explicit WorkerPool(size_t threads);
  ~WorkerPool();  // drops what has not begun, waits for the rest
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Execute(std::function<void()> work);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace castor::flink
