// Records that could not be read, written as JSON lines to the directory that the source table
// names with `castor.bad-rows.path`, by the subtask that read them and under the same checkpoints.
//
// They go through the filesystem connector's sink, as rows of a table that nobody declared: the
// columns of `DeadLetterTable`. Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connector/api/sink.h"
#include "connector/api/source.h"
#include "runtime/checkpoint/cut.h"
#include "runtime/exchange/element.h"

namespace castor::runtime {

// What identifies the dead-letter writer of a scan in snapshots.
std::string DeadLetterUid(const std::string& scan_uid);

// (table STRING, origin STRING, error STRING, row BYTES), in files of JSON lines in `path`.
plan::Table DeadLetterTable(const std::string& path);

class DeadLetters {
 public:
  // `source` is the identifier of the table that was read.
  DeadLetters(std::unique_ptr<connector::SinkWriter> writer, connector::WriterContext context,
              std::string uid, std::string source);

  // Before Open.
  Status Restore(std::string_view old_state) { return Describe(writer_->Restore(old_state)); }
  Status Open() { return Describe(writer_->Open(context_)); }
  Status Write(const std::vector<connector::BadRow>& rows);
  void EndInput() { writer_->EndInput(); }
  Status OnBarrier(const Barrier& barrier, SubtaskCut* cut);
  Status Close() { return Describe(writer_->Close()); }

 private:
  Status Describe(const Status& status) const;

  const std::unique_ptr<connector::SinkWriter> writer_;
  const connector::WriterContext context_;
  const std::string uid_;
  const std::string source_;
};

}  // namespace castor::runtime
