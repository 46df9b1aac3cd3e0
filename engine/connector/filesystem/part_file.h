// A part file while it is written: hidden under its in-progress name until its checkpoint commits
// it.
//
// Names: "part-<attempt>-<subtask>-<number>", hidden ".<that>.inprogress" in the same directory, so
// that the commit is one rename. One thread. A file that is destroyed unfinished stays hidden.
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

class PartFile {
 public:
  static Result<std::unique_ptr<PartFile>> Create(const SinkOptions& options,
                                                  const std::string& directory,
                                                  const std::string& name, TimestampMs now);
  ~PartFile();

  Status Write(const Batch& batch, const int32_t* rows, int32_t count, TimestampMs now);
  // Bytes so far, those not yet written out included; bulk formats hold back a row group.
  int64_t size() const;
  TimestampMs created() const { return created_; }
  TimestampMs last_write() const { return last_write_; }

  // Makes the content durable under the hidden name.
  Result<PendingFile> Finish();

 private:
  PartFile(io::FileSystem* file_system, PendingFile names, TimestampMs now)
      : file_system_(file_system), names_(std::move(names)), created_(now), last_write_(now) {}
  Status FlushText();

  io::FileSystem* const file_system_;
  const PendingFile names_;
  const TimestampMs created_;
  TimestampMs last_write_;
  std::unique_ptr<io::WritableFile> file_;
  std::unique_ptr<format::RecordEncoder> encoder_;  // text formats
  std::string text_;                                // encoded, not yet written out
  std::unique_ptr<format::BulkWriter> bulk_;        // bulk formats
};

}  // namespace castor::connector::filesystem
