#include "runtime/scheduler/timer_service.h"

#include <algorithm>
#include <chrono>

namespace castor::runtime {

TimerService::TimerService(const Clock& clock)
    : clock_(clock), simulated_(&clock != &Clock::System()) {}

void TimerService::Start() {
  thread_ = std::thread([this] { Work(); });
}

void TimerService::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TimerService::WakeAt(Task* task, TimestampMs time) {
  bool earlier = false;
  {
    const std::lock_guard lock(mutex_);
    const auto known = time_of_.find(task);
    if (known != time_of_.end()) {
      if (known->second == time) return;
      due_.erase({known->second, task});
      time_of_.erase(known);
    }
    if (time == kMaxWatermark) return;
    time_of_[task] = time;
    due_.insert({time, task});
    earlier = due_.begin()->second == task;
  }
  if (earlier) changed_.notify_one();
}

// To the time itself, not for so many milliseconds from a time that was cut off to milliseconds: a
// source that is paced would be late by half of one.
void TimerService::Wait(std::unique_lock<std::mutex>& lock) {
  using std::chrono::milliseconds;
  constexpr int64_t kLongest = 60'000;
  constexpr milliseconds kLookAgain(2);
  if (simulated_) {
    changed_.wait_for(lock, kLookAgain);
    return;
  }
  const int64_t latest = clock_.NowMs() + kLongest;
  const int64_t until = due_.empty() ? latest : std::min(due_.begin()->first, latest);
  changed_.wait_until(lock, std::chrono::system_clock::time_point(milliseconds(until)));
}

void TimerService::Work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const TimestampMs now = clock_.NowMs();
    while (!due_.empty() && due_.begin()->first <= now) {
      Task* task = due_.begin()->second;
      due_.erase(due_.begin());
      time_of_.erase(task);
      task->Wake();
    }
    Wait(lock);
  }
}

}  // namespace castor::runtime
