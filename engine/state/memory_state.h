// What the store asks of each in-memory state besides its public interface: to save itself by key
// group, bit by bit while it goes on changing, and to load entries saved before. Classes of this
// kind are private to the store's sources.
#pragma once

#include <cstdint>

#include "state/memory_cut.h"
#include "state/segment_pool.h"
#include "state/snapshot_format.h"

namespace castor::state {

class MemoryState {
 public:
  virtual ~MemoryState() = default;
  // What is held now is to be saved in `section`, which lives until the cut is over or another is
  // started.
  virtual void StartCut(CutSection* section) = 0;
  // Saves some `records` more. False: all is saved.
  virtual bool ContinueCut(int records) = 0;
  virtual Status Load(uint32_t entries, BlockReader* in) = 0;
};

// Processing-time expiry of one state (Flink's StateTtlConfig, OnCreateAndWrite,
// NeverReturnExpired).
struct Expiry {
  const Clock* clock;
  int64_t ttl_ms;  // 0: never

  bool enabled() const { return ttl_ms > 0; }
  bool Expired(TimestampMs written, TimestampMs now) const {
    return ttl_ms > 0 && written + ttl_ms <= now;
  }
};

// What all states of one store share.
struct StoreContext {
  SegmentPool* pool;
  const Clock* clock;
  int32_t max_parallelism;
  KeyGroupRange range;
};

}  // namespace castor::state
