#include "runtime/recovery/snapshot_search.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "runtime/checkpoint/run_end.h"
#include "runtime/checkpoint/shared_files.h"

namespace castor::runtime {
namespace {

struct Found {
  std::vector<LocatedSnapshot> snapshots;
  std::vector<RunEnd> ended;
};

Status Collect(io::FileSystem& files, const std::string& directory, int depth, Found* found) {
  CASTOR_ASSIGN_OR_RETURN(const bool here, files.Exists(io::JoinPath(directory, kMetadataFile)));
  if (here) {
    CASTOR_ASSIGN_OR_RETURN(SnapshotMetadata metadata, ReadMetadata(files, directory));
    found->snapshots.push_back({directory, std::move(metadata)});
    return Status::OK();
  }
  CASTOR_ASSIGN_OR_RETURN(std::optional<RunEnd> ended, ReadRunEnd(files, directory));
  if (ended.has_value()) {
    found->ended.push_back(std::move(*ended));
    return Status::OK();  // what is left beside it was about to be deleted
  }
  if (depth == 0) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const auto entries, files.List(directory));
  for (const io::FileInfo& entry : entries) {
    if (!entry.is_directory || io::BaseName(entry.path) == kSharedFolder) continue;
    CASTOR_RETURN_NOT_OK(Collect(files, entry.path, depth - 1, found));
  }
  return Status::OK();
}

// Whether a run with these ancestors has gone on from `old`, or from what came after it.
bool WentOnFrom(const SnapshotMetadata& old, const std::vector<SnapshotName>& ancestors) {
  return std::any_of(ancestors.begin(), ancestors.end(), [&](const SnapshotName& ancestor) {
    return ancestor.run == old.run && ancestor.id >= old.id;
  });
}

bool IsSuperseded(const SnapshotMetadata& old, const Found& found) {
  const auto later = [&](const LocatedSnapshot& other) {
    return (other.metadata.run == old.run && other.metadata.id > old.id) ||
           WentOnFrom(old, other.metadata.ancestors);
  };
  const auto ended = [&](const RunEnd& end) { return WentOnFrom(old, end.ancestors); };
  return std::any_of(found.snapshots.begin(), found.snapshots.end(), later) ||
         std::any_of(found.ended.begin(), found.ended.end(), ended);
}

std::string Describe(const LocatedSnapshot& candidate) {
  const std::time_t seconds = candidate.metadata.time_ms / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char time[32];
  std::strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", &utc);
  return "\n  " + candidate.path + " (" + candidate.metadata.kind + " of '" +
         candidate.metadata.job + "', " + time + " UTC)";
}

std::string Describe(const std::vector<LocatedSnapshot>& candidates) {
  std::string text;
  for (auto each = candidates.rbegin(); each != candidates.rend(); ++each) text += Describe(*each);
  return text;
}

}  // namespace

Result<std::vector<LocatedSnapshot>> FindSnapshot(io::FileSystem& files, const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return Status::NotFound("no snapshot at " + path + ": no such directory");
  Found found;
  constexpr int kDepth = 2;  // <checkpoint directory>/<run>/chk-<n>
  CASTOR_RETURN_NOT_OK(Collect(files, path, kDepth, &found));
  if (found.snapshots.empty()) {
    return Status::NotFound("no snapshot at " + path +
                            ": neither it nor a folder in it has a file " +
                            std::string(kMetadataFile));
  }
  std::stable_sort(found.snapshots.begin(), found.snapshots.end(),
                   [](const LocatedSnapshot& a, const LocatedSnapshot& b) {
                     return std::pair(a.metadata.time_ms, a.metadata.id) <
                            std::pair(b.metadata.time_ms, b.metadata.id);
                   });
  std::vector<LocatedSnapshot> open;
  for (const LocatedSnapshot& candidate : found.snapshots) {
    if (!IsSuperseded(candidate.metadata, found)) open.push_back(candidate);
  }
  if (open.empty()) {
    return Status::InvalidArgument(
        "nothing to go on from in " + path +
        ": a job has gone on from what is there and has ended. To start from an old snapshot "
        "again, name it:" +
        Describe(found.snapshots));
  }
  if (open.size() > 1) {
    return Status::InvalidArgument(path + " holds snapshots of runs that have nothing to do with " +
                                   "each other; name the one to start from:" + Describe(open));
  }
  const auto meant =
      std::find_if(found.snapshots.begin(), found.snapshots.end(),
                   [&](const LocatedSnapshot& each) { return each.path == open.front().path; });
  std::rotate(meant, meant + 1, found.snapshots.end());
  return std::move(found.snapshots);
}

}  // namespace castor::runtime
