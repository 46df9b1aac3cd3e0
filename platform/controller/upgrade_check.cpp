#include "platform/controller/upgrade_check.h"

#include "io/file_system.h"

namespace castor::platform {

Result<HeldBy> ReadHeldState(const std::function<std::string()>& find,
                             const std::string& running_bundle) {
  constexpr int kLooks = 20;
  io::FileSystem& files = io::LocalFileSystem();
  Result<std::string> metadata = Status::Internal("never read");
  HeldBy held;
  for (int i = 0; i < kLooks && !metadata.ok(); ++i) {
    held.snapshot = find();
    if (held.snapshot.empty()) break;
    metadata = io::ReadWholeFile(files, io::JoinPath(held.snapshot, "_metadata"));
  }
  if (!held.snapshot.empty()) {
    CASTOR_RETURN_NOT_OK(metadata.status());
    CASTOR_ASSIGN_OR_RETURN(held.state, ReadSnapshotState(*metadata));
  } else if (!running_bundle.empty()) {
    CASTOR_ASSIGN_OR_RETURN(const std::string bundle, io::ReadWholeFile(files, running_bundle));
    CASTOR_ASSIGN_OR_RETURN(held.state, ReadPlanState(bundle));
  }
  return held;
}

Result<std::string> FindStateLosses(const std::vector<HeldState>& held,
                                    const std::string& new_bundle) {
  CASTOR_ASSIGN_OR_RETURN(const std::string bundle,
                          io::ReadWholeFile(io::LocalFileSystem(), new_bundle));
  CASTOR_ASSIGN_OR_RETURN(const auto parts, FitState(held, bundle));
  return LossesOf(parts);
}

}  // namespace castor::platform
