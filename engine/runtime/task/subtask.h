// One subtask: a head, a chain of operators and a tail, run by the scheduler a quantum at a time.
//
// Besides moving elements it walks the two things that pass through a chain operator by operator: a
// barrier (each operator sends on what it holds back, then everything is cut at once) and the end
// of input. Everything but Inject, Abort and the wakes runs on one thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/checkpoint/cut.h"
#include "runtime/memory/memory_guard.h"
#include "runtime/scheduler/task.h"
#include "runtime/scheduler/timer_service.h"
#include "runtime/task/chain.h"
#include "runtime/task/head.h"
#include "runtime/task/slow_steps.h"
#include "runtime/task/task_times.h"

namespace castor::runtime {

class Subtask;

// Told from the subtask's thread; must not block.
class SubtaskListener {
 public:
  virtual ~SubtaskListener() = default;
  virtual void OnCut(Subtask& subtask, const Barrier& barrier, SubtaskCut cut) = 0;
  virtual void OnEnded(Subtask& subtask) = 0;
  virtual void OnFailure(Subtask& subtask, const Status& status) = 0;
};

// One operator of a subtask with what must outlive it.
struct HostedOperator {
  std::string uid;
  std::unique_ptr<state::SnapshottableStore> state;
  std::unique_ptr<host::OperatorHost> host;
  Metric* state_size = nullptr;
};

struct SubtaskParts {
  int vertex = 0;
  int32_t index = 0;
  std::vector<HostedOperator> operators;
  std::unique_ptr<Head> head;
  std::unique_ptr<Tail> tail;
  int inputs = 1;  // that must end; 1 for sources and VALUES
  MetricGroup* metrics = nullptr;
  std::unique_ptr<SlowSteps> slow_steps;  // if they are to be told of
};

class Subtask final : public Task {
 public:
  Subtask(SubtaskListener* listener, TimerService* timers, const Clock* clock)
      : listener_(listener), timers_(timers), clock_(clock) {}
  // Parts are made after the subtask, since they hold its wakers and connect channels to it.
  void Assemble(SubtaskParts parts);

  int vertex() const { return vertex_; }
  int32_t index() const { return index_; }
  Head& head() { return *head_; }

  Outcome Run() override;

  // Checkpoint `id` will not complete. Thread-safe.
  void Abort(int64_t checkpoint);
  // After the scheduler has stopped and everything is committed.
  Status Close();
  // Once a second, by one thread.
  void SampleTimes() { times_->Sample(); }
  // Keyed state per operator. Read at any time, by any thread.
  std::vector<StateHolder> Holdings() const;
  bool holds_state() const { return !states_.empty(); }
  // Grows while its operators give anything out. Read as Holdings are.
  int64_t work_done() const { return work_done_.load(std::memory_order_relaxed); }

 private:
  enum class Pass : uint8_t { kNone, kBarrier, kEnd };
  using StateWork = state::SnapshottableStore::Work;

  Result<Outcome> Work();
  Status Open();
  void TakeAborts();
  Status Handle(InputGate::Event event);
  Status ContinuePass();
  Status ContinueBarrier();
  Status ContinueEnd();
  Status Cut();
  void MaintainState();
  bool StateOverBudget() const;
  bool StateMustWait();
  void Enter(int step) {
    if (slow_steps_ != nullptr) slow_steps_->Enter(step);
  }
  void NoteProgress();
  Outcome ParkIdle();
  Outcome ParkBlocked();
  Outcome ParkUntil(TimestampMs time, TaskTimes::Reason reason);

  SubtaskListener* const listener_;
  TimerService* const timers_;
  const Clock* const clock_;
  int vertex_ = 0;
  int32_t index_ = 0;
  int inputs_ = 1;
  std::unique_ptr<SlowSteps> slow_steps_;
  std::unique_ptr<Tail> tail_;  // before the chain, which points to it
  std::vector<std::string> uids_;
  std::vector<std::unique_ptr<state::SnapshottableStore>> states_;
  std::vector<Metric*> state_sizes_;
  std::unique_ptr<Chain> chain_;
  std::unique_ptr<Head> head_;
  std::unique_ptr<TaskTimes> times_;
  std::atomic<int64_t> work_done_{0};

  bool opened_ = false;
  bool at_rest_ = false;           // no operator is in the middle of a call
  bool waits_for_memory_ = false;  // or for an older cut
  StateWork state_work_ = StateWork::kNone;
  int ended_inputs_ = 0;
  bool watermark_sent_ = false;  // the last one, behind an operator without inputs
  TimestampMs blocked_since_ = kMaxWatermark;
  Pass pass_ = Pass::kNone;
  size_t pass_at_ = 0;  // the next operator
  Barrier barrier_;
  int64_t current_abort_ = -1;

  std::mutex abort_mutex_;
  int64_t aborted_ = -1;
  std::atomic<bool> has_abort_{false};
};

}  // namespace castor::runtime
