// The operator contract: batches, watermarks, keyed state and timers in, batches and watermarks
// out. An operator knows nothing of threads, sockets, files or the checkpoint protocol, and runs
// under any host.
//
// Calls come from one thread at a time, never concurrently. Every call is resumable: it answers
// kDone, kOutputFull (the output queue is full) or kPending (state is being fetched); after the
// latter two the host calls `Continue` until it answers kDone, before it makes any other call. So a
// snapshot always finds an operator between calls.
//
// An error Status fails the job; a row that cannot be processed is reported the way the table's or
// job's options say before it becomes one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/configuration.h"
#include "base/metrics.h"
#include "base/status.h"
#include "column/batch.h"
#include "column/binary_row.h"
#include "operator/api/output.h"
#include "state/keyed_state.h"

namespace castor {

enum class Progress : uint8_t { kDone, kOutputFull, kPending };

// What the host gives an operator instance. Outlives the operator.
class OperatorContext {
 public:
  virtual ~OperatorContext() = default;
  virtual int32_t subtask() const = 0;
  virtual int32_t parallelism() const = 0;
  virtual int32_t max_parallelism() const = 0;
  virtual KeyGroupRange key_groups() const = 0;
  virtual const Configuration& configuration() const = 0;
  virtual const Clock& clock() const = 0;
  virtual MetricGroup& metrics() = 0;
  // Keyed state of this instance, restored when there was a snapshot.
  virtual state::KeyedStateStore& state() = 0;
  // Asks for one OnProcessingTime call at or after `time`; an earlier request still pending wins,
  // and requests are not kept across restarts (ask again in Open).
  virtual void RequestProcessingTime(TimestampMs time) = 0;
  // Wakes the host after kPending; may be called from any thread.
  virtual std::function<void()> MakeWaker() = 0;
  // Target rows of the batches an operator makes.
  virtual int32_t batch_rows() const = 0;
};

class Operator {
 public:
  virtual ~Operator() = default;

  // Opens states and compiles expressions. Called once, before anything else; state is restored by
  // then.
  virtual Status Open(OperatorContext& context) = 0;

  // Rows of input `input`. Batches hold no marks unless `HandlesMarks`.
  virtual Result<Progress> Process(int input, Batch batch, Output& out) = 0;
  virtual Result<Progress> Continue(Output& out) {
    (void)out;
    return Progress::kDone;
  }
  virtual bool HandlesMarks() const { return false; }

  // The merged watermark of all inputs has risen. To forward it is the operator's task, after
  // everything that it causes; the default forwards at once.
  virtual Result<Progress> OnWatermark(TimestampMs watermark, Output& out) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  // All inputs idle, or one active again. The default passes it on.
  virtual void OnWatermarkStatus(bool idle, Output& out) { out.EmitWatermarkStatus(idle); }
  // A requested time has come; called before the batch that is processed next.
  virtual Result<Progress> OnProcessingTime(TimestampMs now, Output& out) {
    (void)now, (void)out;
    return Progress::kDone;
  }
  // Input `input` has ended (after its last watermark); the last call when all have.
  virtual Result<Progress> EndInput(int input, Output& out) {
    (void)input, (void)out;
    return Progress::kDone;
  }
  // A checkpoint's barrier is about to pass: send on what is held back outside of state
  // (mini-batches).
  virtual Result<Progress> BeforeBarrier(Output& out) {
    (void)out;
    return Progress::kDone;
  }

  // What is not keyed state, as bytes. On restore each instance gets the bytes of all old
  // instances.
  virtual Result<std::string> Snapshot() { return std::string(); }
  virtual Status Restore(std::string_view old_instance_bytes) {
    (void)old_instance_bytes;
    return Status::OK();
  }
};

}  // namespace castor
