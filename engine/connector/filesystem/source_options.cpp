#include "connector/filesystem/source_options.h"

#include <algorithm>
#include <utility>

#include "connector/filesystem/table_options.h"
#include "format/api/option_reader.h"

namespace castor::connector::filesystem {
namespace {

using Origin = SourceOptions::Column::Origin;

bool IsPartitionKey(const std::vector<std::string>& keys, const std::string& name) {
  return std::find(keys.begin(), keys.end(), name) != keys.end();
}

Status CheckMetadataKey(const std::string& key) {
  for (const char* known : {"file.path", "file.name", "file.size", "file.modification-time"}) {
    if (key == known) return Status::OK();
  }
  return Status::Unsupported("connector 'filesystem' has no metadata key '" + key + "'");
}

// Sorts the produced columns by where they come from and fills the format's part.
Status PlanColumns(const SourceArguments& arguments, SourceOptions* options) {
  const plan::ScanAbilities& abilities = arguments.abilities;
  const LogicalType physical = arguments.table.PhysicalRow();
  const auto& physical_fields = physical.fields();

  // The file's row is the physical one without the partition keys.
  std::vector<LogicalType::Field> file_fields;
  std::vector<int32_t> file_index(physical_fields.size(), -1);
  for (size_t i = 0; i < physical_fields.size(); ++i) {
    if (IsPartitionKey(options->partition_keys, physical_fields[i].name)) continue;
    file_index[i] = static_cast<int32_t>(file_fields.size());
    file_fields.push_back(physical_fields[i]);
  }
  options->decode.physical_row = LogicalType::Row(std::move(file_fields));

  options->produced_row = abilities.produced_type;
  const auto& produced = abilities.produced_type.fields();
  const size_t physical_count = produced.size() - abilities.metadata_keys.size();
  std::vector<LogicalType::Field> decoded;
  for (size_t i = 0; i < physical_count; ++i) {
    size_t source = i;
    if (abilities.projected) {
      if (abilities.projected_fields[i].size() != 1) {
        return Status::Unsupported("connector 'filesystem' does not support nested projection");
      }
      source = static_cast<size_t>(abilities.projected_fields[i].front());
    }
    SourceOptions::Column column{Origin::kFile, -1, "", produced[i].type};
    if (file_index[source] < 0) {
      column.origin = Origin::kPartition;
      column.key = physical_fields[source].name;
    } else {
      column.file_index = static_cast<int32_t>(decoded.size());
      options->decode.projection.push_back({file_index[source]});
      decoded.push_back(produced[i]);
    }
    options->columns.push_back(std::move(column));
  }
  options->decode.produced_row = LogicalType::Row(std::move(decoded));
  for (size_t i = 0; i < abilities.metadata_keys.size(); ++i) {
    CASTOR_RETURN_NOT_OK(CheckMetadataKey(abilities.metadata_keys[i]));
    options->columns.push_back(
        {Origin::kMetadata, -1, abilities.metadata_keys[i], produced[physical_count + i].type});
  }
  return Status::OK();
}

}  // namespace

Result<SourceOptions> SourceOptions::Parse(const SourceArguments& arguments,
                                           const format::FormatRegistry& formats,
                                           const io::FileSystemRegistry& file_systems) {
  const plan::Table& table = arguments.table;
  SourceOptions options;
  options.table = table.identifier;
  options.partition_keys = table.partition_keys;
  options.limit = arguments.abilities.limit;

  CASTOR_ASSIGN_OR_RETURN(TableLocation location, TableLocation::Parse(table, file_systems));
  options.path = std::move(location.path);
  options.file_system = location.file_system;
  options.default_partition = std::move(location.default_partition);

  format::OptionReader reader("", table.options);
  options.monitor_interval_ms = reader.DurationMs("source.monitor-interval", -1);
  if (options.monitor_interval_ms == 0) {
    reader.Refuse("source.monitor-interval", "the interval must be greater than 0");
  }
  options.path_pattern = reader.String("source.path.regex-pattern", "");
  CASTOR_RETURN_NOT_OK(reader.first_error());
  CASTOR_ASSIGN_OR_RETURN(options.bad_rows, ReadBadRowPolicy(table.options));

  options.pruned = arguments.abilities.has_partitions;
  for (const auto& partition : arguments.abilities.partitions) {
    PartitionSpec spec;
    for (const std::string& key : options.partition_keys) {
      auto found = partition.find(key);
      spec.emplace_back(
          key, found == partition.end() ? std::nullopt : std::optional<std::string>(found->second));
    }
    options.partitions.push_back(std::move(spec));
  }
  CASTOR_RETURN_NOT_OK(PlanColumns(arguments, &options));
  CASTOR_ASSIGN_OR_RETURN(
      std::unique_ptr<format::DecodingFormat> decoding,
      formats.MakeDecoding(location.format, table.options,
                           arguments.configuration.GetString("table.local-time-zone", "UTC")));
  options.format = std::move(decoding);
  return options;
}

}  // namespace castor::connector::filesystem
