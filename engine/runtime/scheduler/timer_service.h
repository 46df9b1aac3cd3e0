// Wakes tasks at times of the job's clock: one pending time per task.
//
// One thread. A task woken early (an older, earlier request) just finds nothing due. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "runtime/scheduler/task.h"

namespace castor::runtime {

class TimerService {
 public:
  explicit TimerService(const Clock& clock);
  ~TimerService() { Stop(); }

  void Start();
  void Stop();

  // Replaces the task's former time; kMaxWatermark takes it away.
  void WakeAt(Task* task, TimestampMs time);

 private:
  void Work();
  // Until the first time that is due, or something has changed; perhaps for less.
  void Wait(std::unique_lock<std::mutex>& lock);

  const Clock& clock_;
  // A clock that is not the system's moves when a test says so: look at it often.
  const bool simulated_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::pair<TimestampMs, Task*>> due_;
  std::unordered_map<Task*, TimestampMs> time_of_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace castor::runtime
