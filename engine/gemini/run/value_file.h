// Values that stand apart from their keys: files of nothing but values, to which entries of runs
// point, so that merging runs copies pointers (Lu et al.: "WiscKey", 2016; spec/run-format.md).
//
// Values of a file are in the order of the run with which it was written: those of a section, of a
// key group, of a key lie together. Each is compressed for itself, where it pays, and checked
// against its pointer when it is read, damage is kCorruption and names file and offset.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/run/block_codec.h"
#include "io/checksum.h"
#include "io/file_system.h"

namespace castor::gemini {

// What stands in an entry of a run in the place of its value.
struct ValuePointer {
  static constexpr uint32_t kMostFiles = 0xFFFFFF;  // that there is room for

  uint32_t file : 24 = 0;  // its number in the run's list
  uint32_t codec : 8 = 0;  // a Codec, never one with deltas
  uint32_t bytes = 0;      // as they are stored
  uint64_t offset = 0;
  uint64_t checksum = 0;

  std::string_view Encoded() const { return {reinterpret_cast<const char*>(this), sizeof(*this)}; }
  // Of exactly so many bytes.
  static ValuePointer Decode(std::string_view encoded);
};
static_assert(sizeof(ValuePointer) == 24);

// Which file it is: a run knows its value files by what is in them, whatever their paths are.
struct ValueFileInfo {
  uint64_t bytes = 0;     // of all values, as they are stored
  uint64_t checksum = 0;  // of all values, one after another
  friend bool operator==(const ValueFileInfo&, const ValueFileInfo&) = default;
};

// One that can be read. Immutable but for a flag, thread-safe; reading blocks.
class ValueFile {
 public:
  // kCorruption for a file that is not what the run says.
  static Result<std::shared_ptr<ValueFile>> Open(std::unique_ptr<io::ReadableFile> file,
                                                 const ValueFileInfo& info);

  // Replaces `*value`.
  Status Read(const ValuePointer& pointer, std::string* value) const;

  const ValueFileInfo& info() const { return info_; }
  const std::string& path() const { return file_->path(); }
  uint64_t file_bytes() const;

  // Whether it cannot be made durable any more, so that its values must get another file.
  bool unreliable() const { return unreliable_; }
  void set_unreliable() { unreliable_ = true; }

 private:
  ValueFile(std::unique_ptr<io::ReadableFile> file, const ValueFileInfo& info)
      : file_(std::move(file)), info_(info) {}

  const std::unique_ptr<io::ReadableFile> file_;
  const ValueFileInfo info_;
  std::atomic<bool> unreliable_{false};
};

// Writes value files, the next one when the one before has so many bytes. Not thread-safe.
class ValueWriter {
 public:
  using NewFile = std::function<Result<std::unique_ptr<io::WritableFile>>()>;

  ValueWriter(NewFile new_file, uint64_t file_bytes, Codec codec);
  ~ValueWriter();

  // The pointer's file is the number of it among those written here.
  Result<ValuePointer> Add(std::string_view value);
  // Ends the last file: all can be read then.
  Status End();
  // Ends the file at hand if it has so many bytes.
  Status EndFrom(uint64_t bytes) { return bytes_ >= bytes ? End() : Status::OK(); }
  // What all that have been ended hold.
  const std::vector<ValueFileInfo>& infos() const { return infos_; }
  // Gives away those that have been ended, to be synced and closed.
  std::vector<std::unique_ptr<io::WritableFile>> TakeFiles() { return std::move(ended_); }

 private:
  Status Flush();

  const NewFile new_file_;
  const uint64_t file_bytes_;
  BlockCompressor compressor_;
  std::string compressed_;
  std::unique_ptr<io::WritableFile> file_;         // that is being written
  std::unique_ptr<io::RunningChecksum> checksum_;  // of it
  std::string buffer_;
  uint64_t bytes_ = 0;  // in the file and in the buffer
  std::vector<std::unique_ptr<io::WritableFile>> ended_;
  std::vector<ValueFileInfo> infos_;
};

}  // namespace castor::gemini
