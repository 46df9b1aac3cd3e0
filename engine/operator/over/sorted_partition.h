// The rows of a partition in the order of their sort keys, those with the same in that of their
// arrival: for OVER windows whose order is not by time.
//
// Rows are in keyed state by sort key and number; which there are is kept in memory per partition
// and rebuilt from the state after a restore. Partitions used least recently are dropped when more
// than kMaxSortKeys are held. Not thread-safe.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/memory_charge.h"
#include "state/keyed_state.h"

namespace castor::over {

// Numbers of the rows of each sort key.
using SortedRows = std::map<std::string, std::vector<uint64_t>, std::less<>>;

class SortedPartitions {
 public:
  Status Open(state::KeyedStateStore& store, const std::string& row_schema);

  // The partition of keys.key(row): valid until the next call. nullptr: state is pending.
  Result<SortedRows*> Find(const state::KeyBatch& keys, int32_t row);
  // Of the partition found last.
  uint64_t NextNumber() const { return current_->next_number; }

  // Adds, reads and removes rows of the partition of keys.key(row), which was found last.
  Status Add(const state::KeyBatch& keys, int32_t row, std::string_view sort_key,
             std::string_view bytes);
  Status Read(const state::KeyBatch& keys, int32_t row, std::string_view sort_key, uint64_t number,
              std::string* bytes);
  void Remove(const state::KeyBatch& keys, int32_t row, std::string_view sort_key, uint64_t number);

  // Removes the partitions of all keys.
  void Clear(const state::KeyBatch& keys);

  static std::string UserKey(std::string_view sort_key, uint64_t number);

 private:
  static constexpr size_t kMaxSortKeys = 100'000;

  struct Partition {
    SortedRows rows;
    int64_t bytes = 0;  // of `rows`
    uint64_t next_number = 0;
    std::list<std::string>::iterator recent;
  };

  using Partitions = std::unordered_map<std::string, Partition>;

  void Drop(Partitions::iterator partition);
  Result<bool> Load(const state::KeyBatch& keys, int32_t row, Partition* partition);
  void DropOld();
  void Grow(int64_t bytes);

  state::MapState* rows_ = nullptr;
  Partitions partitions_;
  std::list<std::string> recent_;  // keys of partitions, the latest first
  size_t held_ = 0;                // sort keys
  int64_t bytes_held_ = 0;
  MemoryCharge charge_;
  Partition* current_ = nullptr;
};

}  // namespace castor::over
