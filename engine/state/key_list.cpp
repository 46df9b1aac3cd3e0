#include "state/key_list.h"

#include <numeric>

namespace castor::state {

void ClearKeys(KeyBatch* keys) {
  keys->rows.count = 0;
  keys->rows.fixed_width = 0;
  keys->rows.bytes.clear();
  keys->rows.offsets.assign(1, 0);
  keys->hashes.clear();
}

void AppendKey(std::string_view key, int32_t hash, KeyBatch* keys) {
  ++keys->rows.count;
  keys->rows.bytes.insert(keys->rows.bytes.end(), key.begin(), key.end());
  keys->rows.offsets.push_back(static_cast<uint32_t>(keys->rows.bytes.size()));
  keys->hashes.push_back(hash);
}

void TakeKeys(const TimerPage& timers, KeyBatch* keys) {
  ClearKeys(keys);
  for (size_t i = 0; i < timers.size(); ++i) {
    const Timer timer = timers[i];
    AppendKey(timer.key, static_cast<int32_t>(timer.key_hash), keys);
  }
}

std::vector<int32_t> AllRows(const KeyBatch& keys) {
  std::vector<int32_t> rows(static_cast<size_t>(keys.count()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

}  // namespace castor::state
