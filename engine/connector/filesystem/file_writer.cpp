#include "connector/filesystem/file_writer.h"

#include <map>
#include <set>

#include "base/fault_point.h"
#include "connector/filesystem/part_file.h"
#include "connector/filesystem/partition_commit.h"
#include "connector/filesystem/partition_path.h"
#include "connector/filesystem/unconfirmed_partitions.h"

namespace castor::connector::filesystem {
namespace {

class FileWriter final : public SinkWriter {
 public:
  explicit FileWriter(std::shared_ptr<const SinkOptions> options) : options_(std::move(options)) {}

  Status Open(const WriterContext& context) override {
    clock_ = context.clock;
    subtask_ = context.subtask;
    parallelism_ = context.parallelism;
    prefix_ = "part-" + context.attempt_id + "-" + std::to_string(context.subtask) + "-";
    return options_->file_system->MakeDirectories(options_->path)
        .WithContext("table " + options_->table);
  }

  Status Write(const Batch& batch) override {
    CASTOR_RETURN_NOT_OK(CheckInsertOnly(batch));
    const TimestampMs now = clock_->NowMs();
    Batch file_batch(batch.num_rows, {});
    for (int32_t column : options_->file_columns) {
      file_batch.columns.push_back(batch.columns[static_cast<size_t>(column)]);
    }
    if (options_->partition_keys.empty()) {
      return WriteRows(&open_[""], "", file_batch, nullptr, batch.num_rows, now);
    }
    GroupByPartition(batch);
    for (auto& [path, rows] : groups_) {
      if (rows.empty()) continue;
      CASTOR_RETURN_NOT_OK(WriteRows(&open_[path], path, file_batch, rows.data(),
                                     static_cast<int32_t>(rows.size()), now));
      if (options_->partition_commit.enabled) unconfirmed_.Touch(path, now);
      rows.clear();
    }
    return Status::OK();
  }

  Status OnWatermark(TimestampMs watermark) override {
    watermark_ = watermark;
    return Status::OK();
  }

  Result<std::vector<std::string>> PrepareCommit() override {
    for (auto& [path, part] : open_) {
      if (part != nullptr) CASTOR_RETURN_NOT_OK(FinishPart(&part));
    }
    open_.clear();
    groups_.clear();
    CASTOR_RETURN_NOT_OK(FaultPoint("filesystem.prepare.written"));
    // The hidden names must outlive a crash, too: the commit renames them.
    std::set<std::string> directories;
    for (const PendingFile& file : pending_) directories.insert(file.directory);
    for (const std::string& directory : directories) {
      CASTOR_RETURN_NOT_OK(options_->file_system->SyncDirectory(directory));
    }
    std::vector<std::string> committables;
    for (const PendingFile& file : pending_) committables.push_back(file.ToCommittable());
    pending_.clear();
    if (options_->partition_commit.enabled) {
      unconfirmed_.DropConfirmed(*options_);
      committables.push_back(
          PartitionReport{subtask_, parallelism_, watermark_, unconfirmed_.Report()}.ToText());
    }
    return committables;
  }

  Result<std::string> Snapshot() override {
    if (unconfirmed_.empty()) return std::string();
    return PartitionReport{subtask_, parallelism_, watermark_, unconfirmed_.Report()}.ToText();
  }

  Status Restore(std::string_view old_state) override {
    PartitionReport report;
    if (!PartitionReport::FromText(old_state, &report)) {
      return Status::Corruption("table " + options_->table +
                                ": the state of a writer cannot be read");
    }
    for (const auto& [partition, created] : report.pending) unconfirmed_.Touch(partition, created);
    return Status::OK();
  }

 private:
  Status CheckInsertOnly(const Batch& batch) const {
    const RowKind* kinds = batch.kinds();
    for (int32_t i = 0; kinds != nullptr && i < batch.num_rows; ++i) {
      if (kinds[i] != RowKind::kInsert) {
        return Status::Unsupported("table " + options_->table +
                                   ": the format of a 'filesystem' table holds inserted rows only, "
                                   "but the query updates or deletes");
      }
    }
    return Status::OK();
  }

  // Fills `groups_`: partition path to rows.
  void GroupByPartition(const Batch& batch) {
    PartitionSpec spec(options_->partition_keys.size());
    std::string last_path;
    std::vector<int32_t>* last_rows = nullptr;
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      for (size_t i = 0; i < spec.size(); ++i) {
        spec[i].first = options_->partition_keys[i];
        spec[i].second =
            PartitionText(*batch.columns[static_cast<size_t>(options_->partition_columns[i])], row);
      }
      std::string path = PartitionPath(spec, options_->default_partition);
      if (last_rows == nullptr || path != last_path) {
        last_rows = &groups_[path];
        last_path = std::move(path);
      }
      last_rows->push_back(row);
    }
  }

  Status WriteRows(std::unique_ptr<PartFile>* part, const std::string& partition,
                   const Batch& batch, const int32_t* rows, int32_t count, TimestampMs now) {
    if (*part != nullptr && MustRoll(**part, now)) CASTOR_RETURN_NOT_OK(FinishPart(part));
    if (*part == nullptr) {
      const std::string directory =
          partition.empty()
              ? options_->path
              : io::JoinPath(options_->path, partition.substr(0, partition.size() - 1));
      Result<std::unique_ptr<PartFile>> created =
          PartFile::Create(*options_, directory, prefix_ + std::to_string(next_number_++), now);
      if (!created.ok()) return created.status().WithContext("table " + options_->table);
      *part = std::move(created).value();
    }
    return (*part)->Write(batch, rows, count, now).WithContext("table " + options_->table);
  }

  bool MustRoll(const PartFile& part, TimestampMs now) const {
    return part.size() > options_->rolling_bytes ||
           now - part.created() >= options_->rollover_interval_ms ||
           now - part.last_write() >= options_->inactivity_interval_ms;
  }

  Status FinishPart(std::unique_ptr<PartFile>* part) {
    Result<PendingFile> finished = (*part)->Finish();
    if (!finished.ok()) return finished.status().WithContext("table " + options_->table);
    pending_.push_back(std::move(finished).value());
    part->reset();
    return Status::OK();
  }

  const std::shared_ptr<const SinkOptions> options_;
  const Clock* clock_ = nullptr;
  int32_t subtask_ = 0;
  int32_t parallelism_ = 1;
  TimestampMs watermark_ = kMinTimestamp;
  UnconfirmedPartitions unconfirmed_;
  std::string prefix_;
  int64_t next_number_ = 0;
  std::map<std::string, std::unique_ptr<PartFile>> open_;  // by partition path
  std::vector<PendingFile> pending_;                       // finished since the last checkpoint
  std::map<std::string, std::vector<int32_t>> groups_;
};

}  // namespace

std::unique_ptr<SinkWriter> MakeFileWriter(std::shared_ptr<const SinkOptions> options) {
  return std::make_unique<FileWriter>(std::move(options));
}

}  // namespace castor::connector::filesystem
