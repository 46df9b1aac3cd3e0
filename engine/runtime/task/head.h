// Where a chain's input comes from: channels of other subtasks, a connector's reader, or nothing at
// all.
//
// Owned and used by one subtask.
#pragma once

#include <utility>

#include "base/status.h"
#include "runtime/checkpoint/cut.h"
#include "runtime/exchange/input_gate.h"

namespace castor::runtime {

class Head {
 public:
  virtual ~Head() = default;

  virtual Status Open() { return Status::OK(); }
  // What comes next; nothing when the subtask should park until it is woken or `wake_at` has come.
  virtual Result<InputGate::Event> Next() = 0;
  virtual TimestampMs wake_at() const { return kMaxWatermark; }

  // A barrier for sources, which have no channel it could come through. Thread-safe, as is Resume;
  // the caller wakes the subtask.
  virtual void Inject(const Barrier& barrier) { (void)barrier; }
  // The checkpoint after which sources were to stop has failed: go on.
  virtual void Resume() {}
  // Sources end as if their input had (stop with drain).
  virtual void Finish() {}

  virtual void Abort(int64_t checkpoint) { (void)checkpoint; }
  // The subtask could not go on for so long, since its output had no room.
  virtual void OnBlockedFor(int64_t ms) { (void)ms; }
  // True: the operator behind it has no inputs; it makes its rows when told that input 0 has ended,
  // and the last watermark follows them.
  virtual bool without_input() const { return false; }
  // Called when barrier `barrier` passes, before the chain's operators are cut.
  virtual Status OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
    (void)barrier, (void)cut;
    return Status::OK();
  }
  virtual Status Close() { return Status::OK(); }
};

class GateHead final : public Head {
 public:
  explicit GateHead(InputGate gate) : gate_(std::move(gate)) {}
  Result<InputGate::Event> Next() override { return gate_.Next(); }
  void Abort(int64_t checkpoint) override { gate_.Abort(checkpoint); }

 private:
  InputGate gate_;
};

}  // namespace castor::runtime
