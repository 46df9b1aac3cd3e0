// Snapshots of one operator instance's keyed state (spec/checkpoint-format.md).
//
// `Cut` is the synchronous part: it runs on the owner's thread between two batches and takes no
// longer for a larger state. From then on the owner saves what the cut holds a piece at a time
// (`Maintain`), and before anything of it changes; what is saved is written meanwhile, on any
// thread, so a cut takes little memory.
//
// A native snapshot consists of bytes and of files, which later snapshots have in common with it: a
// file is written once, never changed, and kept as long as a snapshot needs it. A canonical one is
// bytes alone. Restoring reads the parts of all old instances that overlap the new key-group range,
// so a snapshot restores at any parallelism.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/status.h"
#include "io/file_system.h"
#include "state/keyed_state.h"

namespace castor::state {

// Receives the bytes of a snapshot in order; implemented over a file by the caller.
using ByteSink = std::function<Status(std::string_view)>;

enum class SnapshotFormat : uint8_t { kNative, kCanonical };

struct StateFile {
  std::string path;
  int64_t bytes = 0;
  friend bool operator==(const StateFile&, const StateFile&) = default;
};

// Destroying it before all is written gives the cut up.
class StateCut {
 public:
  virtual ~StateCut() = default;
  // `ready` is called when it is worth while to write, from the owner's thread or the writing one,
  // perhaps before this returns. Must not block.
  virtual void WhenReady(std::function<void()> ready) = 0;
  // Writes what is saved. True: that was all. On any thread, one at a time.
  virtual Result<bool> Write(const ByteSink& sink) = 0;
  // Once all is written: the files that the snapshot needs besides, which are durable. None of them
  // is released while this lives.
  virtual const std::vector<StateFile>& files() const = 0;
};

// What one old instance had: its bytes, and its files in the order in which the cut named them,
// wherever they are now.
struct StoredState {
  std::string_view bytes;
  std::vector<StateFile> files = {};
};

class SnapshottableStore : public KeyedStateStore {
 public:
  // False: no state was opened or restored, so there is nothing to snapshot.
  virtual bool HasStates() const = 0;
  // Gives up the cut before, if that is not written yet. False: something of it is still on its
  // way; the owner is woken when it may ask again.
  virtual bool MayCut() = 0;
  virtual Result<std::unique_ptr<StateCut>> Cut(SnapshotFormat format) = 0;
  enum class Work : uint8_t {
    kNone,     // nothing is left to do
    kMore,     // the time was up
    kWaiting,  // for what other threads do; the owner is woken
  };
  // Goes on with the last cut, and with keeping to its memory, for about as long as `budget`.
  // `at_rest`: nothing that was acquired, located or walked is used any more, and nothing is
  // pending.
  virtual Work Maintain(bool at_rest, std::chrono::nanoseconds budget) = 0;
  // Whether more memory is used than may be, so that upkeep at rest is due before the owner adds
  // anything. Asked for every batch.
  virtual bool OverBudget() const = 0;
  // Whether the owner should add nothing before it is woken, or as long as there is more upkeep to
  // do: memory is used up and being freed.
  virtual bool MustWait() const = 0;
  // Adds the entries of the store's key groups found in one old instance's snapshot. Before any
  // Open. Corruption is found by checksums and named by block.
  virtual Status Restore(const StoredState& stored) = 0;
};

struct GeminiOptions;

// Where a store keeps its files, and the threads that it may use.
struct StoreHost {
  // Not owned. nullptr: the store keeps all in memory, whatever that takes, and has no snapshots.
  io::FileSystem* file_system = nullptr;
  // A path: of every file of this instance and attempt, and of no other.
  std::string file_prefix;
  // Neither the store nor any cut of it needs the file any more. On any thread.
  std::function<void(const std::string& path)> release;
  // `work` on another thread, where it may block; may drop it when all is over. Empty: at once.
  std::function<void(std::function<void()> work)> execute;
  // The same for reads that the owner waits for. Empty: as the above.
  std::function<void(std::function<void()> work)> fetch;
  std::function<void()> wake;  // the owner; on any thread
  // Told what the store decides for itself, a line each, on the owner's thread. May be empty.
  std::function<void(const std::string&)> log;
  // Not owned. Of the operator instance; may be nullptr.
  MetricGroup* metrics = nullptr;
  // Not owned. nullptr: as without any.
  const GeminiOptions* options = nullptr;
};

// The keyed state of an operator instance: an instance of Gemini, which keeps within what the
// process's account of state allows all of them. `clock` drives TTL.
std::unique_ptr<SnapshottableStore> MakeStore(std::string operator_name, KeyGroupRange range,
                                              int32_t max_parallelism, const Clock& clock,
                                              StoreHost host);

}  // namespace castor::state
