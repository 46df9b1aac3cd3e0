#include "runtime/checkpoint/restored_snapshot.h"

#include <algorithm>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {
namespace {

bool HoldsSomething(const OperatorRecord& op) {
  return !op.instances.empty() || op.coordinator.has_value();
}

bool SameOperator(const OperatorRecord& a, const OperatorRecord& b) {
  const auto ids = [](const OperatorRecord& op) {
    std::vector<std::string> all = op.aliases;
    all.push_back(op.uid);
    return all;
  };
  const std::vector<std::string> of_b = ids(b);
  for (const std::string& id : ids(a)) {
    if (std::find(of_b.begin(), of_b.end(), id) != of_b.end()) return true;
  }
  return false;
}

// Equal uids before aliases, so that an alias never takes what belongs to another.
const OperatorRecord* FindMatch(const OperatorRecord& op, const std::vector<OperatorRecord>& all) {
  for (const OperatorRecord& candidate : all) {
    if (candidate.uid == op.uid) return &candidate;
  }
  for (const OperatorRecord& candidate : all) {
    if (SameOperator(candidate, op)) return &candidate;
  }
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<RestoredSnapshot>> RestoredSnapshot::Open(io::FileSystem& files,
                                                                 std::string path) {
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeRestore));
  std::unique_ptr<RestoredSnapshot> snapshot(new RestoredSnapshot(files, std::move(path)));
  CASTOR_ASSIGN_OR_RETURN(snapshot->metadata_, ReadMetadata(files, snapshot->path_));
  return snapshot;
}

Status RestoredSnapshot::Match(const std::vector<OperatorRecord>& operators,
                               bool allow_non_restored, std::vector<std::string>* dropped) {
  std::vector<std::string> misfits;
  for (const OperatorRecord& old : metadata_.operators) {
    if (!HoldsSomething(old)) continue;
    const OperatorRecord* found = FindMatch(old, operators);
    if (found != nullptr && !matched_.contains(found->uid) &&
        found->fingerprint == old.fingerprint) {
      matched_[found->uid] = &old;
      continue;
    }
    std::string misfit = "'" + old.uid + "' (" + old.description + "): ";
    misfit += found == nullptr
                  ? "the job has no such operator"
                  : "the job's operator " + found->place + " keeps another kind of state";
    misfits.push_back(std::move(misfit));
  }
  if (misfits.empty() || allow_non_restored) {
    if (dropped != nullptr) *dropped = std::move(misfits);
    return Status::OK();
  }
  std::string message = "snapshot " + path_ + " does not fit the job. State of";
  for (const std::string& misfit : misfits) message += "\n  " + misfit;
  return Status::Incompatible(message +
                              "\nRun with --allow-non-restored-state to leave this state behind");
}

const OperatorRecord* RestoredSnapshot::Find(const std::string& uid) const {
  const auto found = matched_.find(uid);
  return found == matched_.end() ? nullptr : found->second;
}

Status RestoredSnapshot::UseSection(int32_t subtask, const FileRecord& file,
                                    const std::string& section, const Use& use) const {
  const bool has = std::any_of(file.sections.begin(), file.sections.end(),
                               [&](const auto& entry) { return entry.first == section; });
  if (!has) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const StoredFile stored, ReadStoredFile(files_, path_, file));
  return use(subtask, stored.section(section));
}

Status RestoredSnapshot::ForEach(const std::string& uid, const std::string& section,
                                 const Use& use) const {
  const OperatorRecord* op = Find(uid);
  if (op == nullptr) return Status::OK();
  for (const auto& [subtask, file] : op->instances) {
    CASTOR_RETURN_NOT_OK(UseSection(subtask, file, section, use));
  }
  return Status::OK();
}

Status RestoredSnapshot::ForEachKeyed(const std::string& uid, KeyGroupRange groups,
                                      const UseKeyed& use) const {
  const OperatorRecord* op = Find(uid);
  if (op == nullptr) return Status::OK();
  for (const auto& [subtask, file] : op->instances) {
    const KeyGroupRange held = KeyGroupRangeOf(subtask, op->parallelism, metadata_.max_parallelism);
    if (held.end < groups.start || held.start > groups.end) continue;
    CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeRestoreState));
    CASTOR_RETURN_NOT_OK(CheckShared(file).WithContext(op->description));
    const auto with_files = [&](int32_t of, std::string_view bytes) {
      return use(of, {bytes, file.shared});
    };
    CASTOR_RETURN_NOT_OK(UseSection(subtask, file, section::kKeyed, with_files));
  }
  return Status::OK();
}

Status RestoredSnapshot::CheckShared(const FileRecord& file) const {
  for (const state::StateFile& shared : file.shared) {
    const Result<io::FileInfo> found = files_.Stat(shared.path);
    if (found.status().code() == StatusCode::kNotFound) {
      return Status::Corruption("snapshot " + path_ + " is damaged: " + shared.path +
                                ", which it shares with others, is missing; a checkpoint is moved "
                                "or copied with the whole checkpoint directory");
    }
    if (!found.ok()) return found.status().WithContext("snapshot " + path_);
    if (found->size == shared.bytes) continue;
    return Status::Corruption("snapshot " + path_ + " is damaged: " + shared.path + " has " +
                              std::to_string(found->size) + " bytes instead of " +
                              std::to_string(shared.bytes));
  }
  return Status::OK();
}

Result<StoredFile> RestoredSnapshot::Coordinator(const std::string& uid) const {
  const OperatorRecord* op = Find(uid);
  if (op == nullptr || !op->coordinator) return StoredFile{};
  return ReadStoredFile(files_, path_, *op->coordinator);
}

}  // namespace castor::runtime
