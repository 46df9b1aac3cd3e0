// The rows of a partition in the order of their sort keys, those with the same in that of their
// arrival: for OVER windows whose order is not by time.
//
// Rows are in keyed state by sort key and number; which there are is kept in memory per partition
// and rebuilt from the state after a restore. What changes is told both: the state by way of
// `entries`, the order by `Add` and `Remove`. Partitions used least recently are dropped when more
// than kMaxSortKeys are held. Not thread-safe.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "state/entry_walk.h"
#include "state/keyed_state.h"

namespace castor::over {

// Numbers of the rows of each sort key.
using SortedRows = std::map<std::string, std::vector<uint64_t>, std::less<>>;

class SortedPartitions {
 public:
  Status Open(state::KeyedStateStore& store, const std::string& row_schema);

  // The rows in state, each a Blob by its `UserKey`.
  state::MapState* entries() const { return rows_; }

  // Finds the partition of keys.key(row), `sorted`; after kPending, to be repeated.
  Result<state::Readiness> Find(const state::KeyBatch& keys, int32_t row);
  // Of the partition found last; valid until the next is.
  const SortedRows& sorted() const { return current_->rows; }
  uint64_t NextNumber() const { return current_->next_number; }
  // Appends the next number to those of the sort key.
  void Add(std::string_view sort_key);
  void Remove(std::string_view sort_key, uint64_t number);

  // Removes the partitions of all keys.
  void Clear(const state::KeyBatch& keys);

  static std::string UserKey(std::string_view sort_key, uint64_t number);

 private:
  static constexpr size_t kMaxSortKeys = 100'000;

  struct Partition {
    SortedRows rows;
    uint64_t next_number = 0;
    std::list<std::string>::iterator recent;
  };

  using Partitions = std::unordered_map<std::string, Partition>;

  void Drop(Partitions::iterator partition);
  // Reads `loading_`.
  Result<state::Readiness> Load(const state::KeyBatch& keys, int32_t row);
  void DropOld();

  state::MapState* rows_ = nullptr;
  Partitions partitions_;
  std::list<std::string> recent_;  // keys of partitions, the latest first
  size_t held_ = 0;                // sort keys
  Partition* current_ = nullptr;
  Partition loading_;
  state::EntryWalk walk_;
};

}  // namespace castor::over
