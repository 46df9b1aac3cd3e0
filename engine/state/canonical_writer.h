// Writes what a checkpoint of an instance holds in the canonical form (spec/checkpoint-format.md):
// its runs hold it already, in the order of key groups, so that this is merging them.
//
// Blocks; may be called on any thread as long as the checkpoint lives.
#pragma once

#include "base/status.h"
#include "gemini/store/store.h"
#include "state/snapshot.h"

namespace castor::state {

Status WriteCanonical(const gemini::LiveCheckpoint& checkpoint, int32_t max_parallelism,
                      const ByteSink& sink);

}  // namespace castor::state
