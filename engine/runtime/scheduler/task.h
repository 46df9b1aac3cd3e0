// A cooperative unit of work: `Run` does a quantum and never blocks; `Wake` makes it run again.
//
// A task is in the run queue at most once and runs on one thread at a time. A wake while it runs
// makes it run once more, so nothing that happens before a wake is missed. Tasks must outlive their
// scheduler's threads; wakers handed to third parties may outlive both.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace castor::runtime {

class Scheduler;

class Task {
 public:
  enum class Outcome : unsigned char {
    kYield,  // has more to do: to the end of the queue
    kPark,   // until woken
    kDone,   // never again
  };

  Task();
  virtual ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  virtual Outcome Run() = 0;

  // Thread-safe; cheap when the task is queued already.
  void Wake();
  // Safe to be called after the task is gone.
  std::function<void()> MakeWaker();

 protected:
  // Since when it has been waiting for a thread. For `Run`.
  std::chrono::steady_clock::time_point queued_at() const { return queued_at_; }

 private:
  friend class Scheduler;
  enum class State : unsigned char { kParked, kQueued, kRunning, kNotified, kDone };
  struct WakeTarget;

  // The run queue and the state are each other's fences (sequentially consistent): whoever adds
  // work first and then wakes is seen by the run that this wake causes or finds queued.
  std::atomic<State> state_{State::kParked};
  std::atomic<Scheduler*> scheduler_{nullptr};
  std::chrono::steady_clock::time_point queued_at_;  // the run queue's
  std::shared_ptr<WakeTarget> wake_target_;
};

}  // namespace castor::runtime
