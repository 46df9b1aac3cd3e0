// Keys for the maps beside the records of windows.
#pragma once

#include <span>

#include "base/clock.h"
#include "state/keys.h"

namespace castor::window_aggregate {

// Those of one key in two windows are two maps. The hash stays that of the key alone, so that map
// and record belong to the same key group. `*named` is replaced.
void NameWindows(const state::KeyBatch& keys, std::span<const TimestampMs> windows,
                 state::KeyBatch* named);

}  // namespace castor::window_aggregate
