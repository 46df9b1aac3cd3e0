// Keys put together one by one, where they are not those of a batch's rows: of timers that are due,
// of records that are walked.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "state/keys.h"

namespace castor::state {

void ClearKeys(KeyBatch* keys);
void AppendKey(std::string_view key, int32_t hash, KeyBatch* keys);
// Names all keys of a batch.
std::vector<int32_t> AllRows(const KeyBatch& keys);

}  // namespace castor::state
