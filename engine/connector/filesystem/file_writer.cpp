#include "connector/filesystem/file_writer.h"

#include <map>

#include "base/fault_point.h"
#include "connector/filesystem/open_parts.h"
#include "connector/filesystem/partition_commit.h"
#include "connector/filesystem/partition_path.h"
#include "connector/filesystem/unconfirmed_partitions.h"
#include "connector/filesystem/writer_state.h"

namespace castor::connector::filesystem {
namespace {

class FileWriter final : public SinkWriter {
 public:
  explicit FileWriter(std::shared_ptr<const SinkOptions> options)
      : options_(std::move(options)), parts_(*options_) {}

  Status Open(const WriterContext& context) override {
    clock_ = context.clock;
    subtask_ = context.subtask;
    parallelism_ = context.parallelism;
    std::string prefix = "part-" + context.attempt_id + "-" + std::to_string(context.subtask) + "-";
    CASTOR_RETURN_NOT_OK(Describe(options_->file_system->MakeDirectories(options_->path)));
    const Status opened = parts_.Open(std::move(prefix), resumed_, clock_->NowMs());
    resumed_.clear();
    return Describe(opened);
  }

  Status Write(const Batch& batch) override {
    CASTOR_RETURN_NOT_OK(CheckInsertOnly(batch));
    const TimestampMs now = clock_->NowMs();
    Batch file_batch(batch.num_rows, {});
    for (int32_t column : options_->file_columns) {
      file_batch.columns.push_back(batch.columns[static_cast<size_t>(column)]);
    }
    if (options_->partition_keys.empty()) {
      return Describe(parts_.Write("", file_batch, nullptr, batch.num_rows, now));
    }
    GroupByPartition(batch);
    for (auto& [path, rows] : groups_) {
      if (rows.empty()) continue;
      CASTOR_RETURN_NOT_OK(Describe(
          parts_.Write(path, file_batch, rows.data(), static_cast<int32_t>(rows.size()), now)));
      if (options_->partition_commit.enabled) unconfirmed_.Touch(path, now);
      rows.clear();
    }
    return Status::OK();
  }

  Status OnWatermark(TimestampMs watermark) override {
    watermark_ = watermark;
    return Status::OK();
  }

  void EndInput() override { ended_ = true; }

  Result<std::vector<std::string>> PrepareCommit() override {
    const TimestampMs now = clock_->NowMs();
    groups_.clear();
    PartitionReport report{subtask_, parallelism_, watermark_, {}, {}};
    if (options_->partition_commit.enabled) {
      unconfirmed_.DropConfirmed(*options_);
      report.pending = unconfirmed_.Report();
      CASTOR_RETURN_NOT_OK(Describe(RollDuePartitions(report.pending, now)));
    }
    if (ended_) CASTOR_RETURN_NOT_OK(Describe(parts_.RollAll()));
    Result<std::vector<PendingFile>> files = parts_.Checkpoint(now);
    if (!files.ok()) return Describe(files.status());
    CASTOR_RETURN_NOT_OK(FaultPoint("filesystem.prepare.written"));
    std::vector<std::string> committables;
    for (const PendingFile& file : *files) committables.push_back(file.ToCommittable());
    if (options_->partition_commit.enabled) {
      for (const auto& [partition, created] : report.pending) {
        if (parts_.IsOpen(partition)) report.open.insert(partition);
      }
      committables.push_back(report.ToText());
    }
    return committables;
  }

  Result<std::string> Snapshot() override {
    WriterState state{{subtask_, parallelism_, watermark_, unconfirmed_.Report(), {}},
                      parts_.Resumable()};
    if (state.report.pending.empty() && state.parts.empty()) return std::string();
    return state.ToText();
  }

  Status Restore(std::string_view old_state) override {
    Result<WriterState> state = WriterState::FromText(old_state);
    if (!state.ok()) return Describe(state.status());
    for (const auto& [partition, created] : state->report.pending) {
      unconfirmed_.Touch(partition, created);
    }
    for (ResumablePart& part : state->parts) resumed_.push_back(std::move(part));
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

  // As Flink's StreamingFileWriter.closePartFileForPartitions: a partition that is complete must
  // not wait for its file to roll.
  Status RollDuePartitions(const std::map<std::string, TimestampMs>& pending, TimestampMs now) {
    for (const auto& [partition, created] : pending) {
      if (!parts_.IsOpen(partition)) continue;
      CASTOR_ASSIGN_OR_RETURN(
          const bool due, options_->partition_commit.IsDue(partition, created, watermark_, now));
      if (due) CASTOR_RETURN_NOT_OK(parts_.Roll(partition));
    }
    return Status::OK();
  }

  Status Describe(const Status& status) const {
    return status.WithContext("table " + options_->table);
  }

  const std::shared_ptr<const SinkOptions> options_;
  const Clock* clock_ = nullptr;
  int32_t subtask_ = 0;
  int32_t parallelism_ = 1;
  TimestampMs watermark_ = kMinTimestamp;
  UnconfirmedPartitions unconfirmed_;
  OpenParts parts_;
  std::vector<ResumablePart> resumed_;  // until Open
  bool ended_ = false;
  std::map<std::string, std::vector<int32_t>> groups_;
};

}  // namespace

std::unique_ptr<SinkWriter> MakeFileWriter(std::shared_ptr<const SinkOptions> options) {
  return std::make_unique<FileWriter>(std::move(options));
}

}  // namespace castor::connector::filesystem
