// A part file while it is written: hidden under its in-progress name until its checkpoint commits
// it.
//
// Names: "part-<attempt>-<subtask>-<number>", hidden ".<that>.inprogress" in the same directory, so
// that the commit is one rename. A file of a text format may stay open over checkpoints (Flink's
// RowWisePartWriter): each makes its bytes durable, and a restored writer goes on behind them. One
// thread. A file that is destroyed unfinished stays hidden.
#pragma once

#include <memory>
#include <string>

#include "connector/filesystem/sink_options.h"

namespace castor::connector::filesystem {

// What commits a finished file; part of the checkpoint.
struct PendingFile {
  std::string directory;
  std::string hidden_name;
  std::string name;

  std::string ToCommittable() const;
  static Result<PendingFile> FromCommittable(std::string_view text);
};

// What a restored writer goes on with.
struct ResumablePart {
  std::string partition;  // path
  PendingFile names;
  int64_t bytes = 0;  // that belong to the checkpoint
  TimestampMs created = 0;
};

class PartFile {
 public:
  static Result<std::unique_ptr<PartFile>> Create(const SinkOptions& options,
                                                  const std::string& directory,
                                                  const std::string& name, TimestampMs now);
  // Cuts off what was written after the checkpoint. As in Flink, the file was last written to when
  // it was created.
  static Result<std::unique_ptr<PartFile>> Resume(const SinkOptions& options,
                                                  const ResumablePart& part);
  ~PartFile();

  Status Write(const Batch& batch, const int32_t* rows, int32_t count, TimestampMs now);
  // Bytes so far, those not yet written out included; bulk formats hold back a row group.
  int64_t size() const;
  const PendingFile& names() const { return names_; }
  TimestampMs created() const { return created_; }
  TimestampMs last_write() const { return last_write_; }

  // Text formats: makes durable what is written so far, `size()` bytes.
  Status Persist();
  // Makes the content durable under the hidden name. Nothing may follow.
  Result<PendingFile> Finish();

 private:
  PartFile(PendingFile names, TimestampMs created)
      : names_(std::move(names)), created_(created), last_write_(created) {}
  Status FlushText();

  const PendingFile names_;
  const TimestampMs created_;
  TimestampMs last_write_;
  std::unique_ptr<io::WritableFile> file_;
  std::unique_ptr<format::RecordEncoder> encoder_;  // text formats
  std::string text_;                                // encoded, not yet written out
  std::unique_ptr<format::BulkWriter> bulk_;        // bulk formats
};

}  // namespace castor::connector::filesystem
