// A whole file of a bulk format.
#include "connector/filesystem/split_reader.h"

namespace castor::connector::filesystem {
namespace {

class BulkSplitReader final : public SplitReader {
 public:
  BulkSplitReader(std::unique_ptr<format::BulkReader> reader, FileSplit split)
      : reader_(std::move(reader)), split_(std::move(split)) {}

  Status Next(int32_t max_rows, format::Decoded* decoded) override {
    decoded->bad.clear();
    Result<Batch> batch = reader_->Next(max_rows);
    if (!batch.ok()) return batch.status().WithContext("'" + split_.path + "'");
    decoded->batch = std::move(batch).value();
    split_.position = reader_->position();
    return Status::OK();
  }

  // Bulk formats report what is wrong with a file as an error, never with one record.
  std::string Origin(const format::BadRecord&) override { return split_.path; }
  std::string_view Bytes(const format::BadRecord&) override { return {}; }
  FileSplit position() const override { return split_; }

 private:
  const std::unique_ptr<format::BulkReader> reader_;
  FileSplit split_;
};

}  // namespace

Result<std::unique_ptr<SplitReader>> MakeBulkSplitReader(const SourceOptions& options,
                                                         FileSplit split) {
  Result<std::unique_ptr<format::BulkReader>> reader = options.format->OpenFile(
      options.decode, *options.file_system, {split.path, split.start, split.end, split.position});
  if (!reader.ok()) return reader.status().WithContext("'" + split.path + "'");
  return std::unique_ptr<SplitReader>(
      std::make_unique<BulkSplitReader>(std::move(reader).value(), std::move(split)));
}

}  // namespace castor::connector::filesystem
