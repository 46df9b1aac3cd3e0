#include "runtime/scheduler/scheduler.h"

namespace castor::runtime {

// Lets wakers outlive the task: the task takes itself out when it goes.
struct Task::WakeTarget {
  std::mutex mutex;
  Task* task;
};

Task::Task() : wake_target_(std::make_shared<WakeTarget>()) { wake_target_->task = this; }

Task::~Task() {
  const std::lock_guard lock(wake_target_->mutex);
  wake_target_->task = nullptr;
}

std::function<void()> Task::MakeWaker() {
  return [target = wake_target_] {
    const std::lock_guard lock(target->mutex);
    if (target->task != nullptr) target->task->Wake();
  };
}

void Task::Wake() {
  State state = state_.load();
  while (true) {
    if (state == State::kParked) {
      if (!state_.compare_exchange_weak(state, State::kQueued)) continue;
      if (Scheduler* scheduler = scheduler_.load()) scheduler->Enqueue(this);
      return;
    }
    if (state != State::kRunning) return;
    if (state_.compare_exchange_weak(state, State::kNotified)) return;
  }
}

void Scheduler::Add(Task* task) {
  task->scheduler_ = this;
  task->state_ = Task::State::kQueued;
  Enqueue(task);
}

void Scheduler::Start() {
  for (int i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { Work(); });
}

void Scheduler::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Scheduler::Enqueue(Task* task) {
  {
    const std::lock_guard lock(mutex_);
    task->queued_at_ = std::chrono::steady_clock::now();
    queue_.push_back(task);
  }
  ready_.notify_one();
}

void Scheduler::Work() {
  while (true) {
    Task* task;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      task = queue_.front();
      queue_.pop_front();
    }
    RunOnce(task);
  }
}

void Scheduler::RunOnce(Task* task) {
  task->state_ = Task::State::kRunning;
  const Task::Outcome outcome = task->Run();
  if (outcome == Task::Outcome::kDone) {
    task->state_ = Task::State::kDone;
    return;
  }
  if (outcome == Task::Outcome::kPark) {
    Task::State running = Task::State::kRunning;
    if (task->state_.compare_exchange_strong(running, Task::State::kParked)) return;
  }
  task->state_ = Task::State::kQueued;
  Enqueue(task);
}

}  // namespace castor::runtime
