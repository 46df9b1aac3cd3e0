// The operators of one subtask, each with a short queue to the next; the last one's goes to the
// tail.
//
// Always the most-downstream operator that can do something works, so queues stay short, and what
// is in memory is in the cache. Single-threaded.
#pragma once

#include <memory>
#include <vector>

#include "operator/host/operator_host.h"
#include "runtime/task/slow_steps.h"
#include "runtime/task/tail.h"

namespace castor::runtime {

class Chain {
 public:
  enum class State : uint8_t {
    kEmpty,    // nothing in progress: ready for input
    kBlocked,  // the tail has no room
    kPending,  // an operator waits for its state
  };

  // `tail` and `slow_steps`, if there are any to be told of, outlive the chain.
  Chain(std::vector<std::unique_ptr<host::OperatorHost>> hosts, Tail* tail,
        SlowSteps* slow_steps = nullptr);

  size_t size() const { return hosts_.size(); }
  host::OperatorHost& host(size_t i) { return *hosts_[i]; }

  // Works until nothing is left to do, or something has to be waited for.
  Result<State> Run();

  // All that follow: only when the last Run said kEmpty; they need another Run.
  Status Feed(int input, Output::Element element);
  Status EndInput(size_t i, int input);
  Status BeforeBarrier(size_t i);
  // Puts a watermark behind what operator `i` has put out.
  void EmitWatermark(size_t i, TimestampMs watermark) { outputs_[i].EmitWatermark(watermark); }
  // Lets due processing-time requests fire: of the first operator that has one.
  Status FireProcessingTime(TimestampMs now);
  TimestampMs next_processing_time() const;
  // How much operators have given out so far.
  int64_t delivered() const { return delivered_; }

 private:
  Status Deliver(size_t from, Output::Element element);
  // True if operator `i`, or its output, moved.
  Result<bool> Step(size_t i);
  Status Note(size_t i, Result<Progress> progress);
  host::OperatorHost& Enter(size_t i);
  Tail& EnterTail();

  const std::vector<std::unique_ptr<host::OperatorHost>> hosts_;
  std::vector<Output> outputs_;
  Tail* const tail_;
  SlowSteps* const slow_steps_;
  bool pending_ = false;
  int64_t delivered_ = 0;  // elements
};

}  // namespace castor::runtime
