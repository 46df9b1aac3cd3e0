// DISTINCT calls over the same arguments, which share one map from value to who has counted it:
// Flink's DistinctInfo and DistinctAggCodeGen.
//
// Without retraction an entry has a bit per call (none when there is one call: being there is
// enough), with retraction a count of occurrences per call. A row reaches a call's function when
// its value is the first (or, taken back, the last) that passes the call's filter. Maps in memory
// are only gathered: the functions of their calls are fed where the maps are merged into keyed
// state.
//
// Order within a batch: Acquire (may be pending, changes nothing), Apply, feeding the functions,
// Finish.
#pragma once

#include <string>
#include <vector>

#include "aggregate/call.h"
#include "aggregate/entry_map.h"
#include "aggregate/map_serializer.h"
#include "aggregate/value_codec.h"

namespace castor::aggregate {

class DistinctGroup {
 public:
  // `state_name` is that of the map.
  DistinctGroup(std::string state_name, std::vector<LogicalType> argument_types,
                std::vector<Call*> calls, bool retracts, bool in_memory);

  bool in_memory() const { return in_memory_; }
  // Claims the generation of the map in the record: entries of older ones are void. A map in memory
  // has a part of the record, too.
  void Declare(LayoutBuilder* layout);
  Status OpenInState(state::KeyedStateStore& store, int64_t ttl_ms) {
    ttl_ms_ = ttl_ms;
    return map_.OpenInState(store, Describe(ttl_ms));
  }

  // Entries for the rows that reach any of the calls, which must be prepared.
  Result<state::Readiness> Acquire(const RowUpdates& updates, int32_t rows);
  // Updates the entries, and takes out of the calls' ops the rows that change nothing.
  void Apply(const RowUpdates& updates, int32_t rows);
  void Finish(const RowUpdates& updates);

  // The maps of records as a column of bytes, and such a column merged into these maps:
  // AcquireMerge, ApplyMerge (which feeds the functions when the map is in state), Finish.
  static LogicalType SerializedType();
  ColumnPtr SerializeFromMemory(const std::byte* const* records, int32_t count);
  Result<state::Readiness> Serialize(const RowUpdates& updates, int32_t count, ColumnPtr* column);
  Result<state::Readiness> AcquireMerge(const Column& serialized, const RowUpdates& updates,
                                        int32_t rows);
  Status ApplyMerge(const RowUpdates& updates);

  void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) { map_.Clear(keys, rows); }
  void ClearMemory() { map_.ClearMemory(); }

 private:
  state::StateDescriptor Describe(int64_t ttl_ms) const;
  int32_t EntrySize() const;                                       // in a map
  size_t EntryBytes() const { return words_ * sizeof(uint64_t); }  // of a serialised entry
  void ListActiveRows(int32_t rows);
  // Flink does not write an entry that is not changed, so that it expires by its first occurrence:
  // takes the rows out whose entries need no change.
  Result<state::Readiness> DropSeenRows(const RowUpdates& updates);

  void ApplyPresence();
  void ApplyBits();
  void ApplyCounts(const RowUpdates& updates, int32_t rows);
  // The counts of an entry as of the record's generation.
  int64_t* CountsOf(std::byte* entry, uint32_t generation) const;
  uint32_t& GenerationOf(std::byte* record) const {
    return *reinterpret_cast<uint32_t*>(record + generation_);
  }
  bool HasNoCounts(const std::byte* entry) const;
  bool IsVoid(const std::byte* entry, const std::byte* record) const;
  // The maps at `handles_`.
  Result<state::Readiness> SerializeLocated(const std::byte* const* records, ColumnPtr* column);
  RowOp MergeOne(size_t call, size_t entry);

  const std::string state_name_;
  const std::vector<Call*> calls_;
  const bool retracts_;
  const bool in_memory_;
  const size_t words_;       // per entry: 64 calls each, or one call each with retraction
  const bool counts_nulls_;  // NULL is a value to some of the calls
  int64_t ttl_ms_ = 0;
  int32_t generation_ = -1;  // offset in the record; with retraction only
  ValueCodec codec_;
  EntryMap map_;

  // Of the batch at hand: rows with their values, entries and whether these are new.
  std::vector<uint8_t> reached_;  // per row
  std::vector<int32_t> active_;
  std::vector<std::string_view> values_;
  std::vector<std::byte*> entries_;
  std::vector<uint8_t> created_;
  std::vector<uint64_t> merged_words_;
  bool dropped_seen_ = false;  // the rows whose entries need no change are out
  std::vector<uint64_t> handles_;
  MapSerializer serializer_;
};

}  // namespace castor::aggregate
