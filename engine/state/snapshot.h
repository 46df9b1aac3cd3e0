// Snapshots of one operator instance's keyed state (spec/checkpoint-format.md).
//
// `Cut` is the synchronous part: it runs on the owner's thread between two batches. What it returns
// may be written on any thread while the store goes on changing. Restoring reads the parts of all
// old instances that overlap the new key-group range, so a snapshot restores at any parallelism.
#pragma once

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
  virtual Status Write(const ByteSink& sink) = 0;  // once, on any thread
};

class SnapshottableStore : public KeyedStateStore {
 public:
  // False: no state was opened or restored, so there is nothing to snapshot.
  virtual bool HasStates() const = 0;
  virtual Result<std::unique_ptr<StateCut>> Cut() = 0;
  // Adds the entries of `range` found in one old instance's bytes. Before any Open. Corruption is
  // found by checksums and named by block.
  virtual Status Restore(std::string_view snapshot) = 0;
};

// The plain in-memory store. `clock` drives TTL.
std::unique_ptr<SnapshottableStore> MakeMemoryStore(std::string operator_name, KeyGroupRange range,
                                                    int32_t max_parallelism, const Clock& clock);

}  // namespace castor::state
