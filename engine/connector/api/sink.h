// What a sink connector implements: a writer per subtask, and a committer for what only becomes
// visible when its checkpoint completes (Flink's two-phase-commit sink, FLIP-143/191).
//
// A writer is owned by one subtask. At each barrier (and after the end of input) `PrepareCommit`
// hands over serialised committables, which become part of the checkpoint; once it has completed,
// the host passes them to `Commit`, again after a crash if it is not sure: committing must be
// idempotent. What is written but not handed over when the process dies must never become visible.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/configuration.h"
#include "base/metrics.h"
#include "base/status.h"
#include "column/batch.h"
#include "plan/bundle.h"

namespace castor::connector {

struct WriterContext {
  int32_t subtask = 0;
  int32_t parallelism = 1;
  // Unique per start of the job and sink, so that files of an attempt that died, or of another
  // INSERT into the same table, are never confused with ours.
  std::string attempt_id;
  const Clock* clock = nullptr;
  MetricGroup* metrics = nullptr;
};

class SinkWriter {
 public:
  virtual ~SinkWriter() = default;
  virtual Status Open(const WriterContext& context) = 0;
  // Rows of the sink's consumed type, with their kinds. May block shortly on local disks.
  virtual Status Write(const Batch& batch) = 0;
  // The merged watermark (partition commit and the like).
  virtual Status OnWatermark(TimestampMs watermark) {
    (void)watermark;
    return Status::OK();
  }
  // No more rows. PrepareCommit follows at least once.
  virtual void EndInput() {}
  // What becomes visible with this checkpoint is made durable and described. Rows written so far
  // that become visible later are made durable, too; Snapshot says where they are.
  virtual Result<std::vector<std::string>> PrepareCommit() = 0;
  // Writer state of this subtask; a restored writer gets the states of all old subtasks that fall
  // to it.
  virtual Result<std::string> Snapshot() { return std::string(); }
  virtual Status Restore(std::string_view old_state) {
    (void)old_state;
    return Status::OK();
  }
  // The end of all input, after the last PrepareCommit was committed. Not called on failure.
  virtual Status Close() { return Status::OK(); }
};

class Committer {
 public:
  virtual ~Committer() = default;
  // Called from one thread at a time; may block.
  virtual Status Commit(const std::vector<std::string>& committables) = 0;
  // The job has ended well and everything is committed.
  virtual Status Finish() { return Status::OK(); }
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<std::unique_ptr<SinkWriter>> MakeWriter() = 0;
  // nullptr: this sink has nothing to commit.
  virtual Result<std::unique_ptr<Committer>> MakeCommitter() {
    return std::unique_ptr<Committer>();
  }
  // Writers must not run in parallel (option `sink.parallelism`): 0 = the job's parallelism.
  virtual int32_t parallelism() const { return 0; }
};

struct SinkArguments {
  const plan::Table& table;
  LogicalType consumed_type;  // ROW that arrives, in the order of the table's writable columns
  std::vector<std::string> metadata_keys;
  std::map<std::string, std::string> static_partition;
  bool overwrite = false;
  const Configuration& configuration;
  const plan::Bundle& bundle;
};

}  // namespace castor::connector
