// A map beside each record of a bundle, from values to small entries, in memory: for what no
// snapshot ever sees. Of a record it needs two addresses, between which its entries are chained in
// the order in which they came.
//
// Entries are zero when they are new and stay where they are until they are erased, or all are
// cleared; records must not move meanwhile. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/record_layout.h"
#include "state/keyed_state.h"
#include "state/record_table.h"
#include "state/segment_pool.h"

namespace castor::aggregate {

class BundleMap {
 public:
  // Bytes of an entry: a multiple of 16.
  explicit BundleMap(int32_t entry_size);

  void Declare(LayoutBuilder* layout) { layout->AddStruct(sizeof(Chain), alignof(Chain), &chain_); }

  // entries[j] is that of values[j] in the map of records[rows[j]]; created[j] is 1 where this call
  // has made it, else 0.
  void FindOrCreate(std::byte* const* records, std::span<const int32_t> rows,
                    std::span<const std::string_view> values, std::byte** entries,
                    uint8_t* created);
  // Of entries that are not there nothing is erased.
  void Erase(std::byte* const* records, std::span<const int32_t> rows,
             std::span<const std::string_view> values);
  // Of all records, which are void, too.
  void Clear();

  // For `Walk`; 0: the map of the record is empty.
  uint64_t HandleOf(const std::byte* record) const {
    return reinterpret_cast<uintptr_t>(ChainOf(record).first);
  }
  // As state::KeyEntries::Entries.
  void Walk(uint64_t handle, uint64_t* cursor, size_t most, std::vector<state::Record>* page) const;

 private:
  // In the table stand before each entry its neighbours, and before the value the record's address.
  struct Links {
    Links* previous;
    Links* next;
  };
  static_assert(sizeof(Links) == 16);
  struct Chain {
    Links* first;
    Links* last;
  };

  const Chain& ChainOf(const std::byte* record) const {
    return *reinterpret_cast<const Chain*>(record + chain_);
  }
  Chain& ChainOf(std::byte* record) const { return *reinterpret_cast<Chain*>(record + chain_); }
  void Unlink(Chain* chain, Links* links);
  // Sets `keys_` and `all_`.
  void MakeKeys(std::byte* const* records, std::span<const int32_t> rows,
                std::span<const std::string_view> values);

  const int32_t payload_size_;
  int32_t chain_ = 0;  // offset in a record
  state::SegmentPool pool_;
  std::unique_ptr<state::RecordTable> table_;
  int64_t last_size_ = 0;  // before it was cleared

  // Of the batch at hand.
  state::KeyBatch keys_;
  std::vector<int32_t> all_;  // its rows
};

}  // namespace castor::aggregate
