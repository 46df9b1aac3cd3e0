// Some records of a slice, with their keys as if a batch had brought them. Not thread-safe; memory
// is reused.
#pragma once

#include <cstddef>
#include <vector>

#include "aggregate/aggregator.h"
#include "operator/window_aggregate/window_names.h"
#include "state/key_list.h"
#include "state/keyed_state.h"

namespace castor::window_aggregate {

inline constexpr size_t kPageRecords = 2048;

struct SlicePage {
  std::vector<state::Record> records;
  state::KeyBatch keys;
  state::KeyBatch map_keys;  // those of the maps beside the records

  // Sets the keys of `records`, which are a state's.
  void FindKeys() {
    state::ClearKeys(&keys);
    for (const state::Record& record : records) {
      state::AppendKey(record.key, state::WindowState::KeyHashOf(record), &keys);
    }
  }
  // The same, and those of the maps, of records of `slice`.
  void FindMapKeys(TimestampMs slice) {
    FindKeys();
    const std::vector<TimestampMs> slices(records.size(), slice);
    NameWindows(keys, slices, &map_keys);
  }

  void ClearMaps(aggregate::AggregateSet* aggregates) const {
    aggregates->ClearMaps(map_keys, state::AllRows(map_keys));
  }
};

}  // namespace castor::window_aggregate
