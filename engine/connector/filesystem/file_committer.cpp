#include "connector/filesystem/file_committer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fault_point.h"
#include "connector/filesystem/part_file.h"
#include "connector/filesystem/partition_commit.h"
#include "connector/filesystem/unconfirmed_partitions.h"

namespace castor::connector::filesystem {
namespace {

class FileCommitter final : public Committer {
 public:
  explicit FileCommitter(std::shared_ptr<const SinkOptions> options)
      : options_(std::move(options)) {}

  Status Commit(const std::vector<std::string>& committables) override {
    std::set<std::string> directories;
    std::map<int32_t, PartitionReport> reports;  // the latest of each writer
    for (const std::string& committable : committables) {
      if (PartitionReport report; PartitionReport::FromText(committable, &report)) {
        reports[report.subtask] = std::move(report);
        continue;
      }
      CASTOR_ASSIGN_OR_RETURN(PendingFile file, PendingFile::FromCommittable(committable));
      CASTOR_RETURN_NOT_OK(Publish(file));
      directories.insert(file.directory);
      CASTOR_RETURN_NOT_OK(FaultPoint("filesystem.commit.renamed"));
    }
    for (const std::string& directory : directories) {
      CASTOR_RETURN_NOT_OK(options_->file_system->SyncDirectory(directory));
    }
    return CommitPartitions(reports);
  }

  // At the end of the input Flink commits whatever is left.
  Status Finish() override {
    for (const auto& [partition, created] : left_) {
      CASTOR_RETURN_NOT_OK(CommitPartition(partition));
    }
    left_.clear();
    return Status::OK();
  }

 private:
  // Those that are due when every writer has passed their time, and whose files are all visible: a
  // writer closes what is due by its own clock and watermark.
  Status CommitPartitions(const std::map<int32_t, PartitionReport>& reports) {
    if (reports.empty()) return Status::OK();
    TimestampMs watermark = kMaxWatermark;
    // A writer that ended before the others reports no more; what it left is still here.
    std::map<std::string, TimestampMs> pending = std::move(left_);
    std::set<std::string> open;
    for (const auto& [subtask, report] : reports) {
      open.insert(report.open.begin(), report.open.end());
      watermark = std::min(watermark, report.watermark);
      for (const auto& [partition, created] : report.pending) {
        const auto [entry, added] = pending.emplace(partition, created);
        if (!added) entry->second = std::min(entry->second, created);
      }
    }
    left_.clear();
    const TimestampMs now = Clock::System().NowMs();
    for (const auto& [partition, created] : pending) {
      Result<bool> due = options_->partition_commit.IsDue(partition, created, watermark, now);
      if (!due.ok()) return due.status().WithContext("table " + options_->table);
      if (*due && !open.contains(partition)) {
        CASTOR_RETURN_NOT_OK(CommitPartition(partition));
      } else {
        left_.emplace(partition, created);
      }
    }
    return Status::OK();
  }

  Status CommitPartition(const std::string& partition) {
    const std::string file = SuccessFile(*options_, partition);
    return io::WriteFileAtomically(*options_->file_system, file, "")
        .WithContext("table " + options_->table);
  }

  Status Publish(const PendingFile& file) {
    io::FileSystem& files = *options_->file_system;
    const std::string hidden = io::JoinPath(file.directory, file.hidden_name);
    const std::string visible = io::JoinPath(file.directory, file.name);
    Status renamed = files.Rename(hidden, visible);
    if (renamed.code() != StatusCode::kNotFound) return renamed;
    // Committed before, by the attempt that wrote the checkpoint or by an earlier try.
    CASTOR_ASSIGN_OR_RETURN(bool done, files.Exists(visible));
    if (done) return Status::OK();
    return Status::Corruption("table " + options_->table + ": the checkpoint holds part file '" +
                              visible + "', but neither it nor '" + hidden +
                              "' is there; it was removed by someone else, and its rows are lost");
  }

  const std::shared_ptr<const SinkOptions> options_;
  std::map<std::string, TimestampMs> left_;  // partitions that were not due at the last checkpoint
};

}  // namespace

std::unique_ptr<Committer> MakeFileCommitter(std::shared_ptr<const SinkOptions> options) {
  return std::make_unique<FileCommitter>(std::move(options));
}

}  // namespace castor::connector::filesystem
