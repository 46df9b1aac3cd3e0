// Where a chain's results go: edges to other subtasks, or a sink's writer.
//
// Owned and used by one subtask.
#pragma once

#include "base/status.h"
#include "runtime/checkpoint/cut.h"
#include "runtime/exchange/element.h"

namespace castor::runtime {

class Tail {
 public:
  virtual ~Tail() = default;

  virtual Status Open() { return Status::OK(); }
  virtual Status Accept(Output::Element element) = 0;
  // True when there is room for more; else the subtask is woken when there is.
  virtual bool Drain() { return true; }
  // When `OnTime` wants to be called; kMaxWatermark: never.
  virtual TimestampMs wake_at() const { return kMaxWatermark; }
  virtual void OnTime(TimestampMs now) { (void)now; }

  // The barrier passes: forwards it, or adds what the sink has to say to `cut`.
  virtual Status OnBarrier(const Barrier& barrier, SubtaskCut* cut) = 0;
  // No more rows. Barriers may follow.
  virtual void OnEnd() {}
  // The job has ended well and everything is committed.
  virtual Status Close() { return Status::OK(); }
};

}  // namespace castor::runtime
