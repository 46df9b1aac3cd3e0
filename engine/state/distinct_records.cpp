#include "state/distinct_records.h"

#include <algorithm>
#include <bit>

namespace castor::state {

void DistinctRecords::Find(std::span<std::byte* const> records) {
  const size_t slots = std::bit_ceil(std::max<size_t>(2 * records.size(), 64));
  slots_.assign(slots, 0);
  records_.clear();
  first_rows_.clear();
  last_rows_.clear();
  entries_.resize(records.size());
  const size_t mask = slots - 1;
  for (size_t i = 0; i < records.size(); ++i) {
    const auto row = static_cast<int32_t>(i);
    size_t at = (reinterpret_cast<uintptr_t>(records[i]) * 0x9E3779B97F4A7C15u >> 32) & mask;
    while (slots_[at] != 0 && records_[static_cast<size_t>(slots_[at] - 1)] != records[i]) {
      at = (at + 1) & mask;
    }
    if (slots_[at] == 0) {
      records_.push_back(records[i]);
      first_rows_.push_back(row);
      last_rows_.push_back(row);
      slots_[at] = size();
    }
    const int32_t entry = slots_[at] - 1;
    last_rows_[static_cast<size_t>(entry)] = row;
    entries_[i] = entry;
  }
}

}  // namespace castor::state
