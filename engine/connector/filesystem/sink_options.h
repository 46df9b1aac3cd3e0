// What a table of the `filesystem` connector says about writing it (spec/options/filesystem.json).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "connector/api/sink.h"
#include "connector/filesystem/partition_commit.h"
#include "format/api/format.h"

namespace castor::connector::filesystem {

struct SinkOptions {
  std::string table;  // identifier, for messages
  std::string path;   // in `file_system`
  io::FileSystem* file_system = nullptr;
  std::string default_partition;
  int64_t rolling_bytes = 0;
  int64_t rollover_interval_ms = 0;
  int64_t inactivity_interval_ms = 0;
  int64_t check_interval_ms = 0;
  int32_t parallelism = 0;
  PartitionCommitOptions partition_commit;

  // Columns of the consumed row: which are partition keys (in the order of the keys), which go into
  // files.
  std::vector<std::string> partition_keys;
  std::vector<int32_t> partition_columns;
  std::vector<int32_t> file_columns;
  LogicalType file_row;
  std::shared_ptr<const format::EncodingFormat> format;

  static Result<SinkOptions> Parse(const SinkArguments& arguments,
                                   const format::FormatRegistry& formats,
                                   const io::FileSystemRegistry& file_systems);
};

}  // namespace castor::connector::filesystem
