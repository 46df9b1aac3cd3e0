// Which operators of a changed plan go on with the state that there is, told as a worker would
// decide when it starts (spec/checkpoint-format.md, "Restoring"), but before anything is stopped.
// Stateless.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace castor::platform {

// An operator that has state, or may have.
struct HeldState {
  std::string uid;
  std::vector<std::string> aliases;
  std::string fingerprint;
  std::string description;
};

struct StatePart {
  enum class Fate { kKept, kLost, kNew };  // kNew: it begins without
  Fate fate = Fate::kKept;
  std::string uid;
  std::string description;
  std::string reason;  // why it is lost
};

// What a snapshot holds, out of its `_metadata`. kIncompatible: this is none that can be read.
Result<std::vector<HeldState>> ReadSnapshotState(const std::string& metadata);
// What a job with this plan may hold (spec/job-bundle.md). kCorruption: it is no bundle.
Result<std::vector<HeldState>> ReadPlanState(const std::string& bundle);

// First what is held, in its order, then what is new. kCorruption: `bundle` is none.
Result<std::vector<StatePart>> FitState(const std::vector<HeldState>& held,
                                        const std::string& bundle);
// Lines for people; empty if nothing is lost.
std::string LossesOf(const std::vector<StatePart>& parts);

}  // namespace castor::platform
