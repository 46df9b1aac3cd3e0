// The files of one subtask's cut: each holds an operator's sections and grows while its keyed state
// is saved.
//
// The subtask says when there is something to write, the I/O pool writes it, one piece of work at a
// time. Belongs to the snapshot: a cut, and work on its way to the pool, only find it while that
// lives. Destroying it gives up the cuts that are not written. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "runtime/checkpoint/cut.h"
#include "runtime/checkpoint/snapshot_directory.h"

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
    // On the I/O pool, at most once: all files are written and synced, or one could not be.
    std::function<void(Result<std::vector<Part>>)> done;
  };

  // `directory` is null if there are no parts.
  CutFiles(std::vector<Part> parts, std::shared_ptr<SnapshotDirectory> directory, IoPool* io,
           Owner owner)
      : directory_(std::move(directory)),
        io_(io),
        owner_(std::move(owner)),
        parts_(std::move(parts)) {}

  // On the subtask's thread.
  void Start();

 private:
  // Has the pool work on `files`. Holds nothing that a cut could not be told from within itself:
  // whoever finds the files last destroys them.
  static void Schedule(IoPool* io, std::weak_ptr<CutFiles> files);
  void Work();
  // Whether it is this caller's turn; else whoever works goes on.
  bool Begin();
  // Whether there is more since the work began.
  bool End();
  // Whether all is written.
  Result<bool> WriteSome();
  Result<bool> WriteSome(Part* part);

  const std::shared_ptr<SnapshotDirectory> directory_;
  IoPool* const io_;
  const Owner owner_;

  std::mutex mutex_;
  bool working_ = false;  // for good, once all is over
  bool again_ = false;

  std::vector<Part> parts_;  // of whoever works
};

}  // namespace castor::runtime
