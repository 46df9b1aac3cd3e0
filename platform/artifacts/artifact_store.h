// Files that deployments use, on this machine's disk:
//
//   <folder>/<namespace>/<name>           uploaded; never changed
//   <folder>/.fetched/<sha256>/<name>     brought from an address
//   <folder>/.incoming/<id>               on their way; emptied when the store is opened
//
// A file has its name when it is whole and on the disk. Immutable once opened, and so thread-safe;
// an Incoming is one thread's. Errors name the file and what the system said.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "io/file_system.h"

namespace castor::platform {

// kInvalidArgument: that is no name of an artifact. What is one can leave no folder.
Status CheckArtifactName(std::string_view name);

class ArtifactStore {
 public:
  static constexpr int64_t kMaxBytes = int64_t{512} << 20;

  // A file that comes piece by piece. It is gone if it was not kept.
  class Incoming {
   public:
    Incoming(std::string path, std::unique_ptr<io::WritableFile> file);
    Incoming(Incoming&&) = default;
    Incoming& operator=(Incoming&&) = delete;
    ~Incoming();

    // kResourceExhausted: it is larger than kMaxBytes, or the disk is full.
    Status Append(std::string_view bytes);
    // No more will come; it is on the disk then.
    Status Finish();
    int64_t size() const { return size_; }
    const std::string& sha256() const { return sha256_; }  // once it is finished

   private:
    friend class ArtifactStore;
    struct Hash;
    struct HashDeleter {
      void operator()(Hash* hash) const;
    };

    std::string path_;  // empty: it was kept
    std::unique_ptr<io::WritableFile> file_;
    std::unique_ptr<Hash, HashDeleter> hash_;
    int64_t size_ = 0;
    std::string sha256_;
  };

  static Result<std::unique_ptr<ArtifactStore>> Open(std::string folder);

  Result<Incoming> Begin() const;
  // It becomes the namespace's artifact with that name, in place of what lies there.
  Status Keep(Incoming* incoming, const std::string& in, const std::string& name) const;
  // It becomes one that was fetched; its path, which tells what is in it.
  Result<std::string> KeepFetched(Incoming* incoming, const std::string& name) const;
  std::string PathOf(const std::string& in, const std::string& name) const;
  // What is not there is deleted.
  Status Delete(const std::string& in, const std::string& name) const;

 private:
  explicit ArtifactStore(std::string folder) : folder_(std::move(folder)) {}
  Status MoveTo(Incoming* incoming, const std::string& path) const;

  const std::string folder_;
};

}  // namespace castor::platform
