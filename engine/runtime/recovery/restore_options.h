// What the options say about the snapshot to start from, under Flink's names
// (StateRecoveryOptions; older names of theirs are understood).
#pragma once

#include <cstdint>
#include <string>

#include "base/configuration.h"

namespace castor::runtime {

// Who owns the snapshot from then on, and so who deletes it: Flink's RecoveryClaimMode.
enum class ClaimMode : uint8_t {
  kNoClaim,  // its owner; the job never touches it
  kClaim,    // the job, as if it were a checkpoint of its own
  // The owner. In Flink the job may go on needing its files; here no snapshot needs another's, so
  // it is the same as kNoClaim.
  kLegacy,
};

struct RestoreOptions {
  std::string path;  // a snapshot, or a folder that holds snapshots; empty: a fresh start
  ClaimMode claim_mode = ClaimMode::kNoClaim;
  bool ignore_unclaimed_state = false;
};

Result<RestoreOptions> ReadRestoreOptions(const Configuration& configuration);

}  // namespace castor::runtime
