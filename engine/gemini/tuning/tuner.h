// What an instance decides for itself: which values stand apart from their keys, which filters are
// in memory, how much of it is for blocks, how many runs become one.
//
// Costs are counted as they arise, and when some have come together each policy is asked once; then
// what has been counted so far counts half. What one proposes twice in a row is done. So nothing is
// decided, nor costs anything, as long as memory has all. Not thread-safe: the owner's thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "gemini/run/value_sizes.h"
#include "gemini/tuning/decision.h"
#include "gemini/tuning/filter_policy.h"
#include "gemini/tuning/read_cost.h"
#include "gemini/tuning/reuse_sample.h"
#include "gemini/tuning/separation_policy.h"

namespace castor::gemini {

// What may be decided.
struct TuningOptions {
  bool separation = false;
  bool filters = false;
  bool block_cache = false;
  bool merging = false;
  // Between decisions so many bytes have to be written or read, a read counting as a block.
  double interval = 64 << 20;
  static TuningOptions All() { return {true, true, true, true}; }
};

struct Settings {
  uint32_t separate_from = 0;
  int64_t block_cache_bytes = 0;
  size_t fan_in = 0;
};

class Tuner {
 public:
  // `settings` are those to begin with.
  Tuner(TuningOptions options, Settings settings)
      : options_(options), settings_(settings), separation_(settings.separate_from) {}

  const Settings& settings() const { return settings_; }
  // How often something has been decided, by knob.
  const std::array<uint64_t, kKnobs>& decided() const { return decided_; }

  // What leaves memory, and is wanted again.
  ReuseSample& drops() { return drops_; }
  // Keys that are going to be read, and such of which all is.
  void Reads(uint64_t keys);
  void Walks(uint64_t keys) { lately_.walks += static_cast<double>(keys); }
  // How long reading took; 0: not known.
  void HaveRead(uint64_t keys, int64_t ns) { cost_.Read(keys, ns); }
  // How many keys one after the other take `ns` to read, as reads cost lately; one at least.
  size_t KeysReadIn(int64_t ns) const {
    return std::max<size_t>(1, static_cast<size_t>(static_cast<double>(ns) / cost_.read_ns()));
  }
  void Found(uint32_t value_bytes) { separation_.Read(value_bytes); }
  // By an eviction or a checkpoint; by a merge.
  void Wrote(uint64_t bytes);
  void Merged(const ValueSizes& values, uint64_t bytes, int64_t ns);

  // How things are when something is to be decided.
  struct Situation {
    int64_t budget = 0;
    double stored_bytes = 0;  // in runs
    double ruled_out = 0;     // lookups lately that filters have answered
    std::span<const FilterUse> runs;
    // Reads lately that so many bytes more for blocks would have spared, and that those there are
    // have.
    std::function<double(int64_t)> spared_by_blocks;
    double block_hits = 0;
  };
  struct Changes {
    std::vector<Decision> decisions;
    std::optional<FilterChange> filter;  // the rest is in settings()
  };
  bool due() const { return spent_ >= options_.interval; }
  Changes Decide(const Situation& situation);

 private:
  struct Counts {
    double reads = 0, walks = 0, written = 0, writes = 0, merged = 0;
  };

  // Whether the same was proposed the last time; 0: nothing is proposed.
  bool Again(Knob knob, int64_t proposal);
  void Note(Changes* changes, Knob knob, std::string reason);
  void DecideSeparation(Changes* changes);
  void DecideFilter(const Situation& situation, double enough, Changes* changes);
  void DecideBlocks(const Situation& situation, double enough, Changes* changes);
  void DecideFanIn(const Situation& situation, Changes* changes);
  void Age();

  const TuningOptions options_;
  Settings settings_;
  std::array<uint64_t, kKnobs> decided_{};
  std::array<int64_t, kKnobs> proposed_{};
  SeparationPolicy separation_;
  ReuseSample drops_;
  ReadCost cost_;
  Counts lately_;
  double spent_ = 0;  // since the last decision, see TuningOptions::interval
};

}  // namespace castor::gemini
