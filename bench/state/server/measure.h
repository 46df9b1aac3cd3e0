// Workloads against a side, with the clock beside them.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/state/server/histogram.h"
#include "bench/state/server/side.h"
#include "bench/state/server/workload.h"

namespace castor::bench {

struct Measured {
  uint64_t operations = 0;
  double seconds = 0;         // of the owner, in calls: what draws keys is not in it
  double cpu_seconds = 0;     // of all threads, but for drawing
  int64_t bytes_written = 0;  // by the process, to anything
  Histogram batches;          // how long each call took
  Answer answer;
  std::vector<uint64_t> timeline;  // operations in each interval, if there is one
};

struct Limits {
  uint64_t batches = UINT64_MAX;
  double seconds = 1e9;
  double interval_seconds = 0;  // of the timeline; 0: none
};
// As many batches as the limits allow, one after the other.
Measured Run(Workload* workload, Side* side, const Limits& limits);

struct PacedOptions {
  double operations_per_second = 0;
  double seconds = 0;
  bool checkpoint = false;  // one is started after a quarter of the time
};
struct Paced {
  Histogram batches;  // from the time when a batch was due to its end
  double checkpoint_seconds = 0;
  CheckpointSize checkpoint;
};
// A batch at fixed times; one that is late delays the next, and all are counted from when they were
// due.
Paced RunPaced(Workload* workload, Side* side, const PacedOptions& options);

struct CheckpointTimes {
  double owner_seconds = 0;  // that the owner is stopped
  double seconds = 0;        // until it is complete
  CheckpointSize size;
};
CheckpointTimes TakeCheckpoint(Side* side);

// How long it takes to walk one small map, before and after so many entries of it have been put and
// erased.
struct Deletes {
  Histogram before, after;
  Answer answer;
};
Deletes WalkBesideDeletes(Side* side, uint64_t deletes);

}  // namespace castor::bench
