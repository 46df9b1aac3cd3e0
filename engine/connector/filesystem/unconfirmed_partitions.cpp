#include "connector/filesystem/unconfirmed_partitions.h"

#include "io/file_system.h"

namespace castor::connector::filesystem {

std::string SuccessFile(const SinkOptions& options, const std::string& partition) {
  const std::string directory = partition.substr(0, partition.size() - 1);
  return io::JoinPath(io::JoinPath(options.path, directory), options.partition_commit.success_file);
}

void UnconfirmedPartitions::Touch(const std::string& partition, TimestampMs now) {
  const auto [entry, added] = partitions_.emplace(partition, Entry{now, now});
  entry->second.last_write = now;
  entry->second.reported = false;
}

std::map<std::string, TimestampMs> UnconfirmedPartitions::Report() {
  std::map<std::string, TimestampMs> report;
  for (auto& [partition, entry] : partitions_) {
    report[partition] = entry.created;
    entry.reported = true;
  }
  return report;
}

void UnconfirmedPartitions::DropConfirmed(const SinkOptions& options) {
  std::erase_if(partitions_, [&](const auto& item) {
    const auto& [partition, entry] = item;
    if (!entry.reported) return false;
    const auto file = options.file_system->Stat(SuccessFile(options, partition));
    return file.ok() && file->modification_time_ms > entry.last_write;
  });
}

}  // namespace castor::connector::filesystem
