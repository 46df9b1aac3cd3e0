// What flows between subtasks: batches, watermarks, and the marks of the checkpoint protocol.
#pragma once

#include <cstdint>
#include <variant>

#include "operator/api/output.h"
#include "state/snapshot.h"

namespace castor::runtime {

// Everything before it belongs to checkpoint `id`, everything behind it does not.
struct Barrier {
  enum class Kind : uint8_t {
    kCheckpoint,
    kSavepoint,
    // No state is taken: sinks only hand over what is to be committed at the end of a job that does
    // not checkpoint.
    kCommitOnly,
  };
  int64_t id = 0;
  Kind kind = Kind::kCheckpoint;
  bool stop = false;  // sources emit nothing behind it, unless the checkpoint fails
  state::SnapshotFormat format = state::SnapshotFormat::kNative;  // of keyed state
};

// No row will follow (after the channel's last watermark). Barriers may.
struct EndOfInput {};

using Element = std::variant<Batch, Watermark, WatermarkStatus, Barrier, EndOfInput>;

}  // namespace castor::runtime
