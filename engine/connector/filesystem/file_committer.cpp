#include "connector/filesystem/file_committer.h"

#include <set>

#include "base/fault_point.h"
#include "connector/filesystem/part_file.h"

namespace castor::connector::filesystem {
namespace {

class FileCommitter final : public Committer {
 public:
  explicit FileCommitter(std::shared_ptr<const SinkOptions> options)
      : options_(std::move(options)) {}

  Status Commit(const std::vector<std::string>& committables) override {
    std::set<std::string> directories;
    for (const std::string& committable : committables) {
      CASTOR_ASSIGN_OR_RETURN(PendingFile file, PendingFile::FromCommittable(committable));
      CASTOR_RETURN_NOT_OK(Publish(file));
      directories.insert(file.directory);
      CASTOR_RETURN_NOT_OK(FaultPoint("filesystem.commit.renamed"));
    }
    for (const std::string& directory : directories) {
      CASTOR_RETURN_NOT_OK(options_->file_system->SyncDirectory(directory));
    }
    return Status::OK();
  }

 private:
  Status Publish(const PendingFile& file) {
    io::FileSystem& files = *options_->file_system;
    const std::string hidden = io::JoinPath(file.directory, file.hidden_name);
    const std::string visible = io::JoinPath(file.directory, file.name);
    Status renamed = files.Rename(hidden, visible);
    if (renamed.code() != StatusCode::kNotFound) return renamed;
    // Committed before, by the attempt that wrote the checkpoint or by an earlier try.
    CASTOR_ASSIGN_OR_RETURN(bool done, files.Exists(visible));
    if (done) return Status::OK();
    return Status::Corruption("table " + options_->table + ": the checkpoint holds part file '" +
                              visible + "', but neither it nor '" + hidden +
                              "' is there; it was removed by someone else, and its rows are lost");
  }

  const std::shared_ptr<const SinkOptions> options_;
};

}  // namespace

std::unique_ptr<Committer> MakeFileCommitter(std::shared_ptr<const SinkOptions> options) {
  return std::make_unique<FileCommitter>(std::move(options));
}

}  // namespace castor::connector::filesystem
