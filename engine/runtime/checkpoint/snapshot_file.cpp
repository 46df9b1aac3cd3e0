#include "runtime/checkpoint/snapshot_file.h"

#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {
namespace {

constexpr size_t kWriteBytes = 256 * 1024;

}  // namespace

SnapshotFile::SnapshotFile(std::string name, std::unique_ptr<io::WritableFile> file)
    : file_(std::move(file)) {
  record_.name = std::move(name);
  gathered_.reserve(kWriteBytes);
}

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
  checksum_.Add(gathered_);
  CASTOR_RETURN_NOT_OK(file_->Append(gathered_));
  gathered_.clear();
  return Status::OK();
}

Result<FileRecord> SnapshotFile::Finish() {
  CASTOR_RETURN_NOT_OK(Flush());
  record_.checksum = checksum_.value();
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeStateSync));
  CASTOR_RETURN_NOT_OK(file_->Sync());
  CASTOR_RETURN_NOT_OK(file_->Close());
  return record_;
}

}  // namespace castor::runtime
