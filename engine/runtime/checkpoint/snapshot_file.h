// A file of a snapshot while it is written: section by section, with its checksum. Small pieces are
// put together before they are written. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/file_system.h"
#include "runtime/checkpoint/snapshot_metadata.h"

struct XXH64_state_s;

namespace castor::runtime {

class SnapshotFile {
 public:
  SnapshotFile(std::string name, std::unique_ptr<io::WritableFile> file);
  ~SnapshotFile();

  // What follows belongs to section `name`.
  void BeginSection(const std::string& name);
  Status Append(std::string_view bytes);
  // Syncs and closes. Nothing may follow.
  Result<FileRecord> Finish();

 private:
  Status Flush();

  const std::unique_ptr<io::WritableFile> file_;
  XXH64_state_s* const hash_;
  std::string gathered_;
  FileRecord record_;
};

}  // namespace castor::runtime
