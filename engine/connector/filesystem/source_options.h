// What a table of the `filesystem` connector says about reading it (spec/options/filesystem.json).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "connector/api/bad_rows.h"
#include "connector/api/source.h"
#include "connector/filesystem/partition_path.h"
#include "format/api/format.h"

namespace castor::connector::filesystem {

struct SourceOptions {
  std::string table;  // identifier, for messages
  std::string path;   // in `file_system`
  io::FileSystem* file_system = nullptr;
  std::string default_partition;
  int64_t monitor_interval_ms = -1;  // -1: bounded
  std::string path_pattern;          // regular expression; empty: none
  BadRowPolicy bad_rows = BadRowPolicy::kFail;
  int64_t limit = -1;

  std::vector<std::string> partition_keys;
  bool pruned = false;  // only `partitions` are to be read
  std::vector<PartitionSpec> partitions;

  // The produced row: what of it stands in the file, and where the other columns come from.
  LogicalType produced_row;
  format::DecodeSpec decode;
  struct Column {
    enum class Origin : uint8_t { kFile, kPartition, kMetadata };
    Origin origin;
    int32_t file_index = -1;  // in the decoder's batch
    std::string key;          // of a partition or of metadata
    LogicalType type;
  };
  std::vector<Column> columns;
  std::shared_ptr<const format::DecodingFormat> format;

  static Result<SourceOptions> Parse(const SourceArguments& arguments,
                                     const format::FormatRegistry& formats,
                                     const io::FileSystemRegistry& file_systems);
};

}  // namespace castor::connector::filesystem
