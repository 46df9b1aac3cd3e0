// Threads for work that blocks. What is done in the background (split discovery, snapshot files,
// merges of state) may be kept from taking all of them, so that what somebody waits for, reads of
// state that is not in memory, begins at once. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace castor {

class IoPool {
 public:
  // Of the threads at most `background` are at work in the background at once.
  IoPool(int threads, int background);
  explicit IoPool(int threads) : IoPool(threads, threads) {}  // all of them may be
  ~IoPool() { Stop(); }

  // Work submitted after Stop is dropped.
  void Submit(std::function<void()> work);
  // What somebody waits for.
  void SubmitAwaited(std::function<void()> work);
  // Waits for what runs, drops what is queued.
  void Stop();

 private:
  using Queue = std::deque<std::function<void()>>;

  void Add(Queue* queue, std::function<void()> work);
  void Work();
  bool MayBeginBackground() const { return !background_.empty() && in_background_ < most_; }
  // With the lock held by `lock` before and after.
  void RunNext(std::unique_lock<std::mutex>* lock);

  const int most_;  // in the background
  std::mutex mutex_;
  std::condition_variable ready_;
  Queue awaited_, background_;
  int in_background_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace castor
