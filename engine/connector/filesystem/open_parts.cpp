#include "connector/filesystem/open_parts.h"

#include <utility>

namespace castor::connector::filesystem {

Status OpenParts::Open(std::string prefix, const std::vector<ResumablePart>& resumed,
                       TimestampMs now) {
  prefix_ = std::move(prefix);
  next_check_ = now + options_.check_interval_ms;
  for (const ResumablePart& each : resumed) {
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<PartFile> part, PartFile::Resume(options_, each));
    const auto [entry, added] = open_.try_emplace(each.partition, std::move(part));
    if (added) continue;
    CASTOR_ASSIGN_OR_RETURN(PendingFile finished, part->Finish());
    rolled_.push_back(std::move(finished));
  }
  return Status::OK();
}

Status OpenParts::Write(const std::string& partition, const Batch& batch, const int32_t* rows,
                        int32_t count, TimestampMs now) {
  if (now >= next_check_) CASTOR_RETURN_NOT_OK(CheckTimes(now));
  auto part = open_.find(partition);
  if (part != open_.end() && part->second->size() > options_.rolling_bytes) {
    CASTOR_RETURN_NOT_OK(Roll(&part));
    part = open_.end();
  }
  if (part == open_.end()) {
    CASTOR_RETURN_NOT_OK(Create(partition, now));
    part = open_.find(partition);
  }
  return part->second->Write(batch, rows, count, now);
}

Status OpenParts::Create(const std::string& partition, TimestampMs now) {
  const std::string directory =
      partition.empty() ? options_.path
                        : io::JoinPath(options_.path, partition.substr(0, partition.size() - 1));
  CASTOR_ASSIGN_OR_RETURN(
      open_[partition],
      PartFile::Create(options_, directory, prefix_ + std::to_string(next_number_++), now));
  unsynced_directories_.insert(directory);
  return Status::OK();
}

// As at the last time that Flink's timer would have fired by now: no row has come since.
Status OpenParts::CheckTimes(TimestampMs now) {
  const TimestampMs fired =
      next_check_ + (now - next_check_) / options_.check_interval_ms * options_.check_interval_ms;
  next_check_ = fired + options_.check_interval_ms;
  return RollDue([&](const PartFile& part) {
    return fired - part.created() >= options_.rollover_interval_ms ||
           fired - part.last_write() >= options_.inactivity_interval_ms;
  });
}

template <typename Due>
Status OpenParts::RollDue(const Due& due) {
  for (auto part = open_.begin(); part != open_.end();) {
    if (due(*part->second)) {
      CASTOR_RETURN_NOT_OK(Roll(&part));
    } else {
      ++part;
    }
  }
  return Status::OK();
}

Status OpenParts::Roll(Parts::iterator* part) {
  CASTOR_ASSIGN_OR_RETURN(PendingFile finished, (*part)->second->Finish());
  rolled_.push_back(std::move(finished));
  *part = open_.erase(*part);
  return Status::OK();
}

Status OpenParts::Roll(const std::string& partition) {
  auto part = open_.find(partition);
  return part == open_.end() ? Status::OK() : Roll(&part);
}

Status OpenParts::RollAll() {
  return RollDue([](const PartFile&) { return true; });
}

Result<std::vector<PendingFile>> OpenParts::Checkpoint(TimestampMs now) {
  if (now >= next_check_) CASTOR_RETURN_NOT_OK(CheckTimes(now));
  CASTOR_RETURN_NOT_OK(RollDue([&](const PartFile& part) {
    return options_.format->rolls_on_checkpoint() || part.size() > options_.rolling_bytes;
  }));
  for (auto& [partition, part] : open_) CASTOR_RETURN_NOT_OK(part->Persist());
  // The hidden names must outlive a crash, too.
  for (const std::string& directory : unsynced_directories_) {
    CASTOR_RETURN_NOT_OK(options_.file_system->SyncDirectory(directory));
  }
  unsynced_directories_.clear();
  return std::exchange(rolled_, {});
}

std::vector<ResumablePart> OpenParts::Resumable() const {
  std::vector<ResumablePart> parts;
  for (const auto& [partition, part] : open_) {
    parts.push_back({partition, part->names(), part->size(), part->created()});
  }
  return parts;
}

}  // namespace castor::connector::filesystem
