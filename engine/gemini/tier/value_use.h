// How much of the value files of some runs still counts, and which of them to write anew.
//
// A value counts as long as an entry of a run points to it, which a run says by section; what newer
// runs have overwritten is found when they are merged, which costs no value. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "gemini/tier/run_set.h"

namespace castor::gemini {

class ValueUse {
 public:
  explicit ValueUse(const std::vector<RunSet::Run>& runs);

  // Bytes to which nothing points.
  uint64_t dead() const { return dead_; }
  // Those that a merge of the runs is to move: as many as bring the dead bytes to `dead_share` of
  // what counts, from those of which least does; small ones, whose number would grow without end
  // otherwise; and what cannot be made durable.
  std::set<const ValueFile*> ToMove(double dead_share, uint64_t small_bytes) const;

  // Bytes of values that count in one run.
  static uint64_t Of(const RunSet::Run& run);

 private:
  static uint64_t Dead(const ValueFile& file, uint64_t used);

  std::map<const ValueFile*, uint64_t> used_;
  uint64_t all_used_ = 0;
  uint64_t dead_ = 0;
};

}  // namespace castor::gemini
