// A range of a text file, read in blocks that are decoded in place.
#include <algorithm>
#include <cstring>

#include "connector/filesystem/split_reader.h"

namespace castor::connector::filesystem {
namespace {

// Read at once: stays in the second-level cache while it is decoded.
constexpr size_t kReadBytes = 256 * 1024;
// A record larger than this is a file of another format.
constexpr size_t kMaxRecordBytes = size_t{256} << 20;

class TextSplitReader final : public SplitReader {
 public:
  TextSplitReader(std::unique_ptr<io::ReadableFile> file,
                  std::unique_ptr<format::BlockDecoder> decoder, FileSplit split, bool splittable)
      : file_(std::move(file)),
        decoder_(std::move(decoder)),
        split_(std::move(split)),
        splittable_(splittable) {
    Grow(kReadBytes);
  }

  Status Next(int32_t max_rows, format::Decoded* decoded) override {
    if (split_.offset < 0) CASTOR_RETURN_NOT_OK(FindFirstRecord());
    decoded->batch = Batch();
    decoded->bad.clear();
    while (split_.offset < split_.end) {
      bool last = false;
      const std::string_view block = BlockToDecode(&last);
      if (!block.empty()) {
        CASTOR_RETURN_NOT_OK(decoder_->Decode(block, last, max_rows, decoded));
        block_ = block;
        block_offset_ = split_.offset;
        Consume(decoded->consumed);
        if (decoded->batch.num_rows > 0 || !decoded->bad.empty()) return Status::OK();
        if (decoded->consumed > 0) continue;
      }
      if (last) break;
      CASTOR_RETURN_NOT_OK(ReadMore());
    }
    split_.offset = std::max(split_.offset, split_.end);
    return Status::OK();
  }

  std::string Origin(const format::BadRecord& record) override {
    const int64_t offset = block_offset_ + static_cast<int64_t>(record.offset);
    std::string origin = split_.path;
    if (const int64_t line = LineOf(offset); line > 0) origin += ", line " + std::to_string(line);
    return origin + ", byte offset " + std::to_string(offset);
  }

  std::string_view Bytes(const format::BadRecord& record) override {
    return block_.substr(record.offset, record.size);
  }

  FileSplit position() const override { return split_; }

 private:
  std::string_view Buffered() const { return {buffer_.get() + begin_, filled_ - begin_}; }

  void Consume(size_t bytes) {
    begin_ += bytes;
    split_.offset += static_cast<int64_t>(bytes);
  }

  // A record belongs to the split that holds its first byte, so one that began before it is passed.
  Status FindFirstRecord() {
    // A delimiter just before the start ends the record before.
    split_.offset = std::max<int64_t>(split_.start - 1, 0);
    if (split_.start == 0) return Status::OK();
    while (true) {
      const size_t skip = decoder_->SkipRecord(Buffered());
      if (skip > 0) {
        Consume(skip);
        return Status::OK();
      }
      if (at_end_) {
        split_.offset = split_.end;
        return Status::OK();
      }
      CASTOR_RETURN_NOT_OK(ReadMore());
    }
  }

  // What the decoder may see: up to the end of the record that covers the split's last byte, if
  // that is in sight. `last`: nothing will follow.
  std::string_view BlockToDecode(bool* last) const {
    const std::string_view buffered = Buffered();
    *last = at_end_;
    const auto wanted = static_cast<size_t>(split_.end - split_.offset);
    if (!splittable_ || buffered.size() < wanted) return buffered;
    const size_t rest = decoder_->SkipRecord(buffered.substr(wanted - 1));
    if (rest == 0) return buffered;
    *last = true;
    return buffered.substr(0, wanted - 1 + rest);
  }

  Status ReadMore() {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, filled_ - begin_);
      filled_ -= begin_;
      begin_ = 0;
    }
    if (capacity_ - filled_ < kReadBytes) {
      if (filled_ >= kMaxRecordBytes) {
        return Status::DataError("'" + split_.path + "', byte offset " +
                                 std::to_string(split_.offset) + ": no end of a record within " +
                                 std::to_string(kMaxRecordBytes >> 20) + " MB");
      }
      Grow(std::max(capacity_ * 2, filled_ + kReadBytes));
    }
    CASTOR_ASSIGN_OR_RETURN(
        const int64_t read,
        file_->ReadAt(split_.offset + static_cast<int64_t>(filled_), buffer_.get() + filled_,
                      static_cast<int64_t>(kReadBytes)));
    filled_ += static_cast<size_t>(read);
    at_end_ = read < static_cast<int64_t>(kReadBytes);
    const int64_t file_end = split_.offset + static_cast<int64_t>(filled_);
    if (!at_end_ || file_end >= split_.end) return Status::OK();
    return Status::DataError(
        "'" + split_.path + "' became shorter while it was read: it had " +
        std::to_string(split_.file_size) + " bytes and now ends at byte " +
        std::to_string(file_end) +
        "; put the whole file back, and let files that are written to be moved "
        "into the directory when they are complete");
  }

  void Grow(size_t capacity) {
    auto grown = std::make_unique<char[]>(capacity + format::kBlockPadding);
    if (filled_ > 0) std::memcpy(grown.get(), buffer_.get(), filled_);
    buffer_ = std::move(grown);
    capacity_ = capacity;
  }

  // Counts line ends on from where it was asked last; 0 if that fails. Only for messages.
  int64_t LineOf(int64_t offset) {
    if (offset < counted_to_) counted_to_ = counted_lines_ = 0;
    auto bytes = std::make_unique<char[]>(kReadBytes);
    while (counted_to_ < offset) {
      const int64_t want = std::min<int64_t>(offset - counted_to_, kReadBytes);
      Result<int64_t> read = file_->ReadAt(counted_to_, bytes.get(), want);
      if (!read.ok() || *read == 0) return 0;
      counted_lines_ += std::count(bytes.get(), bytes.get() + *read, '\n');
      counted_to_ += *read;
    }
    return counted_lines_ + 1;
  }

  const std::unique_ptr<io::ReadableFile> file_;
  const std::unique_ptr<format::BlockDecoder> decoder_;
  FileSplit split_;
  const bool splittable_;
  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;  // of what is not decoded yet; stands at the split's offset in the file
  size_t filled_ = 0;
  std::string_view block_;    // decoded last; in the buffer, valid until more is read
  int64_t block_offset_ = 0;  // of it in the file
  int64_t counted_to_ = 0;    // the line ends before this offset are counted
  int64_t counted_lines_ = 0;
  bool at_end_ = false;  // the buffer reaches to the end of the file
};

}  // namespace

Result<std::unique_ptr<SplitReader>> MakeTextSplitReader(const SourceOptions& options,
                                                         FileSplit split) {
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<io::ReadableFile> file,
                          options.file_system->OpenForRead(split.path));
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<format::BlockDecoder> decoder,
                          options.format->MakeDecoder(options.decode));
  return std::unique_ptr<SplitReader>(std::make_unique<TextSplitReader>(
      std::move(file), std::move(decoder), std::move(split), options.format->splittable()));
}

}  // namespace castor::connector::filesystem
