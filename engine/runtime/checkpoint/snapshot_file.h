// A file of a snapshot while it is written: section by section, with its checksum. Small pieces are
// put together before they are written. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/checksum.h"
#include "io/file_system.h"
#include "runtime/checkpoint/snapshot_metadata.h"

namespace castor::runtime {

class SnapshotFile {
 public:
  SnapshotFile(std::string name, std::unique_ptr<io::WritableFile> file);

  // What follows belongs to section `name`.
  void BeginSection(const std::string& name);
  Status Append(std::string_view bytes);
  // Syncs and closes. Nothing may follow.
  Result<FileRecord> Finish();

 private:
  Status Flush();

  const std::unique_ptr<io::WritableFile> file_;
  io::RunningChecksum checksum_;
  std::string gathered_;
  FileRecord record_;
};

}  // namespace castor::runtime
