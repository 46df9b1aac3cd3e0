// Snapshots of one operator instance's keyed state (spec/checkpoint-format.md).
//
// `Cut` is the synchronous part: it runs on the owner's thread between two batches and takes no
// longer for a larger state. From then on the owner saves what the cut holds a piece at a time
// (`SaveSome`), and before anything of it changes; what is saved is written meanwhile, on any
// thread, so a cut takes little memory. Restoring reads the parts of all old instances that overlap
// the new key-group range, so a snapshot restores at any parallelism.
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

// Destroying it before all is written gives the cut up.
class StateCut {
 public:
  virtual ~StateCut() = default;
  // `ready` is called when it is worth while to write, from the owner's thread or the writing one,
  // perhaps before this returns. Must not block.
  virtual void WhenReady(std::function<void()> ready) = 0;
  // Writes what is saved. True: that was all. On any thread, one at a time.
  virtual Result<bool> Write(const ByteSink& sink) = 0;
};

class SnapshottableStore : public KeyedStateStore {
 public:
  // False: no state was opened or restored, so there is nothing to snapshot.
  virtual bool HasStates() const = 0;
  // Gives up the cut before, if that is not saved yet. `room` is told, on the thread that writes,
  // when saving may go on after kWaiting.
  virtual Result<std::unique_ptr<StateCut>> Cut(std::function<void()> room) = 0;
  enum class Saving : uint8_t {
    kDone,     // nothing is left to do
    kMore,     // the time was up
    kWaiting,  // for the cut to be written
  };
  // Goes on with the last cut for about as long as `budget`.
  virtual Saving SaveSome(std::chrono::nanoseconds budget) = 0;
  // Adds the entries of `range` found in one old instance's bytes. Before any Open. Corruption is
  // found by checksums and named by block.
  virtual Status Restore(std::string_view snapshot) = 0;
};

// The plain in-memory store. `clock` drives TTL.
std::unique_ptr<SnapshottableStore> MakeMemoryStore(std::string operator_name, KeyGroupRange range,
                                                    int32_t max_parallelism, const Clock& clock);

}  // namespace castor::state
