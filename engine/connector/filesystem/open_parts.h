// The part files of one writer: one open file a partition, rolled as the table says.
//
// After Flink's Buckets, Bucket and FileSystemTableSink.TableRollingPolicy: a file is rolled when
// it is larger than `file-size` (before the next row and at a checkpoint), and by its age and by
// the time since its last row, which are looked at every `check-interval`. Files of bulk formats
// are rolled at every checkpoint; those of text formats stay open over checkpoints. One thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "connector/filesystem/part_file.h"

namespace castor::connector::filesystem {

class OpenParts {
 public:
  explicit OpenParts(const SinkOptions& options) : options_(options) {}

  // `prefix` of the names of new files; `resumed` is what a snapshot left open. Of two files of one
  // partition, which different subtasks wrote, the later one is rolled.
  Status Open(std::string prefix, const std::vector<ResumablePart>& resumed, TimestampMs now);

  // `rows` (all when null) of the partition at path `partition`.
  Status Write(const std::string& partition, const Batch& batch, const int32_t* rows, int32_t count,
               TimestampMs now);

  bool IsOpen(const std::string& partition) const { return open_.contains(partition); }
  // Rolls the partition's file, if there is one.
  Status Roll(const std::string& partition);
  // Nothing more will come.
  Status RollAll();

  // A checkpoint: rolls what is due, makes everything durable and hands over the files that have
  // been rolled since the last one.
  Result<std::vector<PendingFile>> Checkpoint(TimestampMs now);
  // The files that are still open, as of the last checkpoint.
  std::vector<ResumablePart> Resumable() const;

 private:
  using Parts = std::map<std::string, std::unique_ptr<PartFile>>;

  Status Create(const std::string& partition, TimestampMs now);
  Status CheckTimes(TimestampMs now);
  Status Roll(Parts::iterator* part);
  template <typename Due>
  Status RollDue(const Due& due);

  const SinkOptions& options_;
  std::string prefix_;
  int64_t next_number_ = 0;
  TimestampMs next_check_ = 0;  // of times
  Parts open_;                  // by partition path
  std::vector<PendingFile> rolled_;
  std::set<std::string> unsynced_directories_;  // those that got a new name
};

}  // namespace castor::connector::filesystem
