#include "connector/filesystem/sink_options.h"

#include <algorithm>

#include "connector/filesystem/table_options.h"
#include "format/api/option_reader.h"

namespace castor::connector::filesystem {
namespace {

constexpr int64_t kHalfHourMs = 30 * 60 * 1000;

Status PlanColumns(const LogicalType& consumed, SinkOptions* options) {
  const auto& fields = consumed.fields();
  options->partition_columns.resize(options->partition_keys.size(), -1);
  std::vector<LogicalType::Field> file_fields;
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto& keys = options->partition_keys;
    auto key = std::find(keys.begin(), keys.end(), fields[i].name);
    if (key == keys.end()) {
      options->file_columns.push_back(static_cast<int32_t>(i));
      file_fields.push_back(fields[i]);
    } else {
      options->partition_columns[static_cast<size_t>(key - keys.begin())] = static_cast<int32_t>(i);
    }
  }
  for (size_t i = 0; i < options->partition_keys.size(); ++i) {
    if (options->partition_columns[i] < 0) {
      return Status::InvalidArgument("partition key '" + options->partition_keys[i] +
                                     "' is not a column of the table");
    }
  }
  options->file_row = LogicalType::Row(std::move(file_fields), false);
  return Status::OK();
}

int64_t PositiveDuration(format::OptionReader* reader, const std::string& key, int64_t fallback) {
  const int64_t value = reader->DurationMs(key, fallback);
  if (value <= 0) reader->Refuse(key, "the interval must be greater than 0");
  return value;
}

}  // namespace

Result<SinkOptions> SinkOptions::Parse(const SinkArguments& arguments,
                                       const format::FormatRegistry& formats,
                                       const io::FileSystemRegistry& file_systems) {
  const plan::Table& table = arguments.table;
  SinkOptions options;
  options.table = table.identifier;
  options.partition_keys = table.partition_keys;
  CASTOR_ASSIGN_OR_RETURN(TableLocation location, TableLocation::Parse(table, file_systems));
  if (location.file_system->FilesAppearWhole(location.path)) {
    return Status::Unsupported("'path' = '" + location.path +
                               "': tables are not written to object stores yet, whose files cannot "
                               "be gone on with after a checkpoint; write to a local directory");
  }
  options.path = std::move(location.path);
  options.file_system = location.file_system;
  options.default_partition = std::move(location.default_partition);
  if (arguments.overwrite) {
    return Status::Unsupported("INSERT OVERWRITE is not supported by streaming jobs");
  }

  format::OptionReader reader("", table.options);
  options.rolling_bytes = reader.MemorySize("sink.rolling-policy.file-size", int64_t{128} << 20);
  if (options.rolling_bytes <= 0) {
    reader.Refuse("sink.rolling-policy.file-size", "the size must be greater than 0");
  }
  options.rollover_interval_ms =
      PositiveDuration(&reader, "sink.rolling-policy.rollover-interval", kHalfHourMs);
  options.inactivity_interval_ms =
      PositiveDuration(&reader, "sink.rolling-policy.inactivity-interval", kHalfHourMs);
  options.check_interval_ms =
      PositiveDuration(&reader, "sink.rolling-policy.check-interval", 60'000);
  if (reader.Bool("auto-compaction", false)) {
    reader.Refuse("auto-compaction", "merging files is not supported; leave it out");
  }
  options.parallelism = static_cast<int32_t>(reader.Int("sink.parallelism", 0));
  CASTOR_RETURN_NOT_OK(reader.first_error());
  CASTOR_ASSIGN_OR_RETURN(options.partition_commit, PartitionCommitOptions::Parse(table));

  CASTOR_RETURN_NOT_OK(PlanColumns(arguments.consumed_type, &options));
  CASTOR_ASSIGN_OR_RETURN(
      std::unique_ptr<format::EncodingFormat> encoding,
      formats.MakeEncoding(location.format, table.options,
                           arguments.configuration.GetString("table.local-time-zone", "UTC")));
  options.format = std::move(encoding);
  return options;
}

}  // namespace castor::connector::filesystem
