// Reads one split: the file's bytes or row groups through the table's format.
//
// One thread; may block on the disk. After each Next the split's position stands exactly behind the
// rows it gave.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connector/filesystem/file_split.h"
#include "connector/filesystem/source_options.h"

namespace castor::connector::filesystem {

class SplitReader {
 public:
  virtual ~SplitReader() = default;
  // Rows of the decoder's produced row, and records that could not be read. Neither: the split has
  // ended.
  virtual Status Next(int32_t max_rows, format::Decoded* decoded) = 0;
  // Where a bad record of the latest Next stands: file, line and byte offset.
  virtual std::string Origin(const format::BadRecord& record) = 0;
  virtual std::string_view Bytes(const format::BadRecord& record) = 0;
  // The split with the position reached.
  virtual FileSplit position() const = 0;
};

Result<std::unique_ptr<SplitReader>> MakeTextSplitReader(const SourceOptions& options,
                                                         FileSplit split);
Result<std::unique_ptr<SplitReader>> MakeBulkSplitReader(const SourceOptions& options,
                                                         FileSplit split);

}  // namespace castor::connector::filesystem
