// Runs tasks on a fixed number of threads, first come, first served, one quantum at a time.
//
// One queue under one lock: it is taken once per quantum (about a millisecond), not per batch.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/scheduler/task.h"

namespace castor::runtime {

class Scheduler {
 public:
  explicit Scheduler(int threads) : thread_count_(threads) {}
  ~Scheduler() { Stop(); }

  // Tasks must be added before Start; each is run once without being woken.
  void Add(Task* task);
  void Start();
  // Returns when no task runs any more. Tasks that were queued are not run.
  void Stop();

 private:
  friend class Task;
  void Enqueue(Task* task);
  void Work();
  void RunOnce(Task* task);

  const int thread_count_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task*> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace castor::runtime
