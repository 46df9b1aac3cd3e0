#include "runtime/checkpoint/snapshot_file.h"

#include <xxhash.h>

#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {
namespace {

constexpr size_t kWriteBytes = 256 * 1024;

}  // namespace

SnapshotFile::SnapshotFile(std::string name, std::unique_ptr<io::WritableFile> file)
    : file_(std::move(file)), hash_(XXH64_createState()) {
  XXH64_reset(hash_, 0);
  record_.name = std::move(name);
  gathered_.reserve(kWriteBytes);
}

SnapshotFile::~SnapshotFile() { XXH64_freeState(hash_); }

void SnapshotFile::BeginSection(const std::string& name) { record_.sections.emplace_back(name, 0); }

Status SnapshotFile::Append(std::string_view bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  record_.sections.back().second += size;
  record_.bytes += size;
  if (gathered_.size() + bytes.size() > kWriteBytes) CASTOR_RETURN_NOT_OK(Flush());
  gathered_.append(bytes);
  return Status::OK();
}

Status SnapshotFile::Flush() {
  XXH64_update(hash_, gathered_.data(), gathered_.size());
  CASTOR_RETURN_NOT_OK(file_->Append(gathered_));
  gathered_.clear();
  return Status::OK();
}

Result<FileRecord> SnapshotFile::Finish() {
  CASTOR_RETURN_NOT_OK(Flush());
  record_.checksum = XXH64_digest(hash_);
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeStateSync));
  CASTOR_RETURN_NOT_OK(file_->Sync());
  CASTOR_RETURN_NOT_OK(file_->Close());
  return record_;
}

}  // namespace castor::runtime
