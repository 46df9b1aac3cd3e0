// The files that snapshots of a run have in common: who needs them, and when nobody does any more.
//
// Stores write them into `directory`, which is made with the first one; snapshots list them from
// the cut until they are deleted or given up. A file goes when no store of this process holds it
// and no snapshot lists it. A store holds what it wrote, and what it was restored from, until it
// says that it does not. Nothing is deleted but what lies in `directory` and what snapshots list
// that the run has claimed.
//
// A store is called by a name that it has once an attempt. Thread-safe; calls block.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/forwarding_file_system.h"
#include "state/snapshot.h"

namespace castor::runtime {

inline constexpr std::string_view kSharedFolder = "shared";

class SharedFiles {
 public:
  // `store_files`: the same files, in the way in which stores read and write them; nullptr: no
  // other way.
  SharedFiles(io::FileSystem& files, std::string directory, io::FileSystem* store_files = nullptr);

  const std::string& directory() const { return directory_; }
  // For stores: makes the directory when a file in it is written.
  io::FileSystem* store_files() { return &store_files_; }

  // The stores that there were are gone: nothing is held, and what no snapshot lists is deleted.
  Status ForgetStores();
  int attempt() const;

  // What `store` is to be restored from: where its files are now. Those that the run does not own
  // are brought into `directory`, and are its own from then on.
  Result<std::vector<state::StateFile>> Restore(const std::string& store, io::FileSystem& files,
                                                const std::vector<state::StateFile>& stored);
  // `store` of that attempt does not need the file any more.
  void Release(int attempt, const std::string& store, const std::string& path);

  // From the cut of `store`, while it holds its files. The bytes of those not listed before.
  int64_t List(const std::string& snapshot, const std::string& store,
               const std::vector<state::StateFile>& files);
  // The files of a snapshot that the run found.
  void List(const std::string& snapshot, const std::vector<state::StateFile>& files);
  bool IsListing(const std::string& snapshot) const;
  // The snapshot is gone. Returns the directories of the files that went with it.
  Result<std::set<std::string>> Unlist(const std::string& snapshot);

  // Deletes the files of a directory that no snapshot lists and no store holds. One that does not
  // exist is fine.
  Status DeleteUnlisted(const std::string& directory);

 private:
  class StoreFiles final : public io::ForwardingFileSystem {
   public:
    using ForwardingFileSystem::ForwardingFileSystem;
    Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override;
  };
  struct Needs {
    std::set<std::string> stores;
    int snapshots = 0;
    bool none() const { return stores.empty() && snapshots == 0; }
  };

  void ListLocked(const std::string& snapshot, const std::string& path, Needs* needs);
  Result<std::string> BringIn(io::FileSystem& files, const std::string& path);
  Status Delete(const std::set<std::string>& paths);

  io::FileSystem& files_;
  const std::string directory_;
  StoreFiles store_files_;

  mutable std::mutex mutex_;
  int attempt_ = 0;
  std::map<std::string, Needs> needs_;                        // by path
  std::map<std::string, std::vector<std::string>> listings_;  // by snapshot
  std::map<std::string, std::string> brought_in_;  // in this attempt: from where to where
};

}  // namespace castor::runtime
