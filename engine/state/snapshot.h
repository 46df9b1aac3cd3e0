// Snapshots of one operator instance's keyed state (spec/checkpoint-format.md).
//
// `Cut` is the synchronous part: it runs on the owner's thread between two batches and takes no
// longer for a larger state. From then on the owner saves what the cut holds a piece at a time
// (`SaveSome`), and before anything of it changes. When all is saved, the cut may be written on any
// thread. Restoring reads the parts of all
// old instances that overlap the new key-group range, so a snapshot restores at any parallelism.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "state/keyed_state.h"

namespace castor::state {

// Receives the bytes of a snapshot in order; implemented over a file by the caller.
using ByteSink = std::function<Status(std::string_view)>;

class StateCut {
 public:
  virtual ~StateCut() = default;
  // On the owner's thread.
  virtual bool saved() const = 0;
  // `done` is called on the owner's thread when all is saved; never if another cut is taken first.
  // Only while it is not saved.
  virtual void WhenSaved(std::function<void()> done) = 0;
  // Once, on any thread, after all is saved.
  virtual Status Write(const ByteSink& sink) = 0;
};

class SnapshottableStore : public KeyedStateStore {
 public:
  // False: no state was opened or restored, so there is nothing to snapshot.
  virtual bool HasStates() const = 0;
  // Gives up the cut before, if that is not saved yet.
  virtual Result<std::unique_ptr<StateCut>> Cut() = 0;
  // Goes on with the last cut for about as long as `budget`. False: there is nothing left to do.
  virtual bool SaveSome(std::chrono::nanoseconds budget) = 0;
  // Adds the entries of `range` found in one old instance's bytes. Before any Open. Corruption is
  // found by checksums and named by block.
  virtual Status Restore(std::string_view snapshot) = 0;
};

// The plain in-memory store. `clock` drives TTL.
std::unique_ptr<SnapshottableStore> MakeMemoryStore(std::string operator_name, KeyGroupRange range,
                                                    int32_t max_parallelism, const Clock& clock);

}  // namespace castor::state
