// What an operator does to its state, batch by batch: what is called is drawn first and done
// afterwards, so that only the latter is timed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/state/server/key_source.h"
#include "bench/state/server/side.h"

namespace castor::bench {

struct WorkloadOptions {
  std::string name;
  std::string distribution = "uniform";
  uint64_t keys = 0;
  uint64_t entries = 8;  // of each key of a map or list
  uint64_t batch = 512;
  uint64_t seed = 1;
};

class Workload {
 public:
  explicit Workload(const WorkloadOptions& options);
  virtual ~Workload() = default;

  // Fills the state; not timed.
  virtual void Load(Side* side) = 0;

  virtual void Draw() = 0;
  // What has been drawn. How many operations that were.
  virtual uint64_t Do(Side* side, Answer* answer) = 0;

 protected:
  void DrawKeys();
  void DrawUserKeys();

  const WorkloadOptions options_;
  KeySource source_;
  std::vector<uint64_t> keys_, user_keys_;
};

// By its name: get, put, update, list, map_put, map_get, map_walk, join, timers or windows.
std::unique_ptr<Workload> MakeWorkload(const WorkloadOptions& options);

}  // namespace castor::bench
