// The sending end of a job edge in one subtask: decides which target gets which rows.
//
// Writing never fails and never blocks; what the channels do not take waits in the lanes until
// `Drain`. The owner stops producing while that is the case. Small pieces may be gathered for up to
// the buffer timeout
// (`execution.buffer-timeout`); watermarks, barriers and the end flush them first, so order is
// kept. Single-threaded.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "runtime/exchange/lane.h"
#include "runtime/graph/job_graph.h"

namespace castor::runtime {

struct EdgeWriterOptions {
  int32_t max_parallelism = 128;
  int32_t batch_rows = 1024;
  int64_t buffer_timeout_ms = 100;  // 0: gather nothing; -1: until a batch is full
  const Clock* clock = nullptr;
};

class EdgeWriter {
 public:
  EdgeWriter(std::vector<Channel*> targets, const EdgeWriterOptions& options);
  virtual ~EdgeWriter() = default;

  virtual void Write(const Batch& batch) = 0;
  // Watermarks, statuses, barriers and the end go to all targets.
  void Broadcast(const Element& element);

  bool Drain();
  // When gathered pieces have waited long enough; kMaxWatermark: nothing waits.
  TimestampMs flush_at() const { return flush_at_; }
  void Flush();

 protected:
  const EdgeWriterOptions& options() const { return options_; }
  size_t target_count() const { return lanes_.size(); }
  void Send(size_t target, Batch batch) { lanes_[target].Send(std::move(batch)); }
  void Gather(size_t target, Batch piece);

 private:
  const EdgeWriterOptions options_;
  std::vector<Lane> lanes_;
  TimestampMs flush_at_ = kMaxWatermark;
};

// `row` is the type that flows. `subtask` is the producer's; `targets` are the channels to all
// subtasks of the consumer (of a forward edge: the one).
std::unique_ptr<EdgeWriter> MakeEdgeWriter(const JobEdge& edge, const LogicalType& row,
                                           int32_t subtask, std::vector<Channel*> targets,
                                           const EdgeWriterOptions& options);

}  // namespace castor::runtime
