#include "operator/windowing/distinct_keys.h"

#include <bit>

namespace castor::windowing {

void DistinctKeys::Find(const state::KeyBatch& keys) {
  const auto rows = static_cast<size_t>(keys.count());
  const size_t slots = std::bit_ceil(rows * 2 + 1);
  slots_.assign(slots, -1);
  number_of_row_.resize(rows);
  first_rows_.clear();
  for (int32_t row = 0; row < keys.count(); ++row) {
    const int32_t hash = keys.hashes[static_cast<size_t>(row)];
    size_t slot = static_cast<uint32_t>(hash) * 0x9E3779B1u & (slots - 1);
    while (true) {
      const int32_t number = slots_[slot];
      if (number < 0) {
        slots_[slot] = static_cast<int32_t>(first_rows_.size());
        first_rows_.push_back(row);
        break;
      }
      const int32_t first = first_rows_[static_cast<size_t>(number)];
      if (keys.hashes[static_cast<size_t>(first)] == hash && keys.key(first) == keys.key(row)) {
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
    number_of_row_[static_cast<size_t>(row)] = slots_[slot];
  }
}

}  // namespace castor::windowing
