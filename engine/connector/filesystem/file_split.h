// A file, or a range of one, and how far it has been read.
//
// The text form (JSON) is what stands in checkpoints; unknown fields are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "connector/api/source.h"

namespace castor::connector::filesystem {

struct FileSplit {
  std::string path;      // in its file system
  std::string relative;  // below the table's path: holds the partition directories
  int64_t start = 0;     // bytes; a record belongs to the range that holds its first byte
  int64_t end = 0;
  int64_t file_size = 0;
  int64_t modification_time_ms = 0;
  // Text formats: the offset of the next record, or -1 before the first was looked for.
  int64_t offset = -1;
  // Bulk formats: the reader's own position; empty at the start.
  std::string position;

  std::string Id() const { return path + ":" + std::to_string(start); }
  Split ToSplit() const;
  static Result<FileSplit> FromSplit(const Split& split);
};

}  // namespace castor::connector::filesystem
