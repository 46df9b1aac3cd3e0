// Keys put together one by one, where they are not those of a batch's rows: of timers that are due,
// of records that are walked.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "state/keyed_state.h"

namespace castor::state {

void ClearKeys(KeyBatch* keys);
void AppendKey(std::string_view key, int32_t hash, KeyBatch* keys);
// A timer of the key at `row`.
inline Timer TimerAt(TimestampMs time, const KeyBatch& keys, int32_t row,
                     std::string_view name_space = {}) {
  const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
  return {time, hash, keys.key(row), name_space};
}
// Those of the timers, one each.
void TakeKeys(const TimerPage& timers, KeyBatch* keys);
// Names all keys of a batch.
std::vector<int32_t> AllRows(const KeyBatch& keys);

}  // namespace castor::state
