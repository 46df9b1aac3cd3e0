#include "connector/filesystem/filesystem_source.h"

#include <deque>
#include <utility>

#include "column/string_arena.h"
#include "connector/api/bad_rows.h"
#include "connector/filesystem/file_enumerator.h"
#include "connector/filesystem/source_options.h"
#include "connector/filesystem/split_reader.h"

namespace castor::connector::filesystem {
namespace {

using Origin = SourceOptions::Column::Origin;

ColumnPtr OneRow(const LogicalType& type, std::string_view text) {
  MutableColumnPtr column = Column::MakeFlat(type, 1);
  StringArena arena;
  column->mutable_values<StringRef>()[0] = arena.Add(text);
  arena.Finish(column.get());
  return column;
}

ColumnPtr OneRow(const LogicalType& type, int64_t value) {
  MutableColumnPtr column = Column::MakeFlat(type, 1);
  column->mutable_values<int64_t>()[0] = value;
  return column;
}

// The value of a column of one row as a constant column of `size` rows.
ColumnPtr Repeat(const Column& one, int32_t size) {
  if (one.IsNull(0)) return Column::MakeNull(one.type(), size);
  MutableColumnPtr column = Column::MakeConstant(one.type(), size);
  DispatchPhysical(one.physical(),
                   [&]<typename T>() { column->mutable_values<T>()[0] = one.values<T>()[0]; });
  column->AddStringBuffersOf(one);
  return column;
}

class FileSourceReader final : public SourceReader {
 public:
  explicit FileSourceReader(std::shared_ptr<const SourceOptions> options)
      : options_(std::move(options)) {}

  Status Open(const ReaderContext& context) override {
    max_rows_ = context.batch_rows;
    return Status::OK();
  }

  Status AddSplits(std::vector<Split> splits) override {
    for (const Split& split : splits) {
      CASTOR_ASSIGN_OR_RETURN(FileSplit file, FileSplit::FromSplit(split));
      waiting_.push_back(std::move(file));
    }
    return Status::OK();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (options_->limit >= 0 && emitted_ >= options_->limit) {
      waiting_.clear();
      reader_.reset();
    }
    if (reader_ == nullptr) {
      if (waiting_.empty()) {
        result.state = PollState::kFinished;
        return result;
      }
      CASTOR_RETURN_NOT_OK(OpenNext());
    }
    CASTOR_RETURN_NOT_OK(
        reader_->Next(max_rows_, &decoded_).WithContext("table " + options_->table));
    result.state = PollState::kBatch;
    result.split_id = reader_->position().Id();
    CASTOR_RETURN_NOT_OK(HandleBadRecords(
        options_->bad_rows, options_->table, decoded_.bad,
        [this](const format::BadRecord& record) { return Describe(record); }, &result));
    if (decoded_.batch.num_rows == 0 && decoded_.bad.empty()) {
      result.split_finished = true;
      reader_.reset();
    }
    CASTOR_RETURN_NOT_OK(Produce(&result.batch));
    return result;
  }

  Result<std::vector<Split>> SnapshotSplits() override {
    std::vector<Split> splits;
    if (reader_ != nullptr) splits.push_back(reader_->position().ToSplit());
    for (const FileSplit& split : waiting_) splits.push_back(split.ToSplit());
    return splits;
  }

 private:
  Status OpenNext() {
    FileSplit split = std::move(waiting_.front());
    waiting_.pop_front();
    CASTOR_RETURN_NOT_OK(FillConstants(split));
    const auto open = options_->format->is_bulk() ? MakeBulkSplitReader : MakeTextSplitReader;
    Result<std::unique_ptr<SplitReader>> reader = open(*options_, std::move(split));
    if (reader.status().code() == StatusCode::kNotFound) {
      return Status::NotFound(
          "table " + options_->table + ": " + reader.status().message() +
          "; the file was there when the job looked for files: put it back, and "
          "start the job from its last checkpoint");
    }
    if (!reader.ok()) return reader.status().WithContext("table " + options_->table);
    reader_ = std::move(reader).value();
    return Status::OK();
  }

  // Partition and metadata columns are the same for all rows of a file.
  Status FillConstants(const FileSplit& split) {
    constants_.assign(options_->columns.size(), nullptr);
    const std::map<std::string, std::string> partition = ReadPartitionPath(split.relative);
    for (size_t i = 0; i < constants_.size(); ++i) {
      const SourceOptions::Column& column = options_->columns[i];
      if (column.origin == Origin::kPartition) {
        auto found = partition.find(column.key);
        std::optional<std::string> text;
        if (found != partition.end() && found->second != options_->default_partition) {
          text = found->second;
        }
        Result<ColumnPtr> value = PartitionValue(text, column.type);
        if (!value.ok()) {
          return value.status().WithContext("table " + options_->table + ", '" + split.path +
                                            "', partition key '" + column.key + "'");
        }
        constants_[i] = std::move(value).value();
      } else if (column.origin == Origin::kMetadata) {
        constants_[i] = Metadata(column, split);
      }
    }
    return Status::OK();
  }

  static ColumnPtr Metadata(const SourceOptions::Column& column, const FileSplit& split) {
    if (column.key == "file.path") return OneRow(column.type, split.path);
    if (column.key == "file.name") return OneRow(column.type, io::BaseName(split.path));
    return OneRow(column.type,
                  column.key == "file.size" ? split.file_size : split.modification_time_ms);
  }

  BadRow Describe(const format::BadRecord& record) {
    return {record.error, reader_->Origin(record), std::string(reader_->Bytes(record))};
  }

  // The decoded columns with the constant ones between them, in the order of the produced row.
  Status Produce(Batch* batch) {
    int32_t rows = decoded_.batch.num_rows;
    if (options_->limit >= 0 && emitted_ + rows > options_->limit) {
      rows = static_cast<int32_t>(options_->limit - emitted_);
      decoded_.batch = decoded_.batch.Slice(0, rows);
    }
    emitted_ += rows;
    batch->num_rows = rows;
    if (rows == 0) return Status::OK();
    for (size_t i = 0; i < options_->columns.size(); ++i) {
      const SourceOptions::Column& column = options_->columns[i];
      batch->columns.push_back(
          column.origin == Origin::kFile
              ? std::move(decoded_.batch.columns[static_cast<size_t>(column.file_index)])
              : Repeat(*constants_[i], rows));
    }
    return Status::OK();
  }

  const std::shared_ptr<const SourceOptions> options_;
  int32_t max_rows_ = 1024;
  std::deque<FileSplit> waiting_;
  std::unique_ptr<SplitReader> reader_;
  std::vector<ColumnPtr> constants_;  // per produced column: one row, or null for those in the file
  format::Decoded decoded_;
  int64_t emitted_ = 0;
};

class FileSource final : public Source {
 public:
  explicit FileSource(SourceOptions options)
      : options_(std::make_shared<const SourceOptions>(std::move(options))) {}

  bool bounded() const override { return options_->monitor_interval_ms <= 0; }

  Result<std::unique_ptr<SplitEnumerator>> MakeEnumerator(int32_t parallelism,
                                                          std::string_view restored) override {
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<FileEnumerator> enumerator,
                            FileEnumerator::Make(options_.get(), parallelism, restored));
    return std::unique_ptr<SplitEnumerator>(std::move(enumerator));
  }

  Result<std::unique_ptr<SourceReader>> MakeReader() override {
    return std::unique_ptr<SourceReader>(std::make_unique<FileSourceReader>(options_));
  }

 private:
  const std::shared_ptr<const SourceOptions> options_;
};

}  // namespace

Result<std::unique_ptr<Source>> MakeFilesystemSource(const SourceArguments& arguments,
                                                     const format::FormatRegistry& formats,
                                                     const io::FileSystemRegistry& file_systems) {
  Result<SourceOptions> options = SourceOptions::Parse(arguments, formats, file_systems);
  if (!options.ok()) return options.status().WithContext("table " + arguments.table.identifier);
  return std::unique_ptr<Source>(std::make_unique<FileSource>(std::move(options).value()));
}

}  // namespace castor::connector::filesystem
