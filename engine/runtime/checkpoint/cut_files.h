// The files of one subtask's cut: each holds an operator's sections and grows while its keyed state
// is saved.
//
// The subtask says when there is something to write, the I/O pool writes it, one piece of work at a
// time. Keeps itself alive until all is written, something has failed, or nobody wants it any more;
// then the cuts are given up. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/checkpoint/cut.h"
#include "runtime/checkpoint/snapshot_directory.h"
#include "runtime/scheduler/io_pool.h"

namespace castor::runtime {

class CutFiles : public std::enable_shared_from_this<CutFiles> {
 public:
  struct Part {
    OperatorCut cut;
    std::string name;                    // of its file
    std::unique_ptr<SnapshotFile> file;  // once it is being written
    FileRecord record;                   // once it is
    bool done = false;
  };
  struct Owner {
    std::function<bool()> wanted;
    // On the I/O pool, once: all files are written and synced, or one could not be.
    std::function<void(Result<std::vector<Part>>)> done;
  };

  CutFiles(std::vector<Part> parts, SnapshotDirectory* directory, IoPool* io, Owner owner)
      : directory_(directory), io_(io), owner_(std::move(owner)), parts_(std::move(parts)) {}

  // On the subtask's thread.
  void Start();

 private:
  void Schedule();
  void Work();
  // Whether all is written.
  Result<bool> WriteSome();
  Result<bool> WriteSome(Part* part);

  SnapshotDirectory* const directory_;
  IoPool* const io_;
  const Owner owner_;

  std::mutex mutex_;
  bool scheduled_ = false;
  bool again_ = false;  // there is more since the work began

  std::vector<Part> parts_;  // of whoever works
};

}  // namespace castor::runtime
