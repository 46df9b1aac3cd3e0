// The rows of one input of an interval join that may still find partners, per key, with their times
// and whether they have found one.
//
// Rows are BinaryRowData bytes, in a map state under {time, sequence number, row}: two equal rows
// are two entries. Not thread-safe; belongs to one operator instance.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "column/binary_row.h"
#include "operator/api/operator.h"
#include "state/keyed_state.h"

namespace castor::interval_join {

struct CachedRow {
  TimestampMs time;
  const char* bytes;
  int64_t* matched;       // 0 or 1
  std::string_view name;  // in the map state
};

class CachedRows {
 public:
  // `state_name`: Flink's.
  CachedRows(std::string state_name, LogicalType row);

  Status Open(state::KeyedStateStore& store);
  // Sequence numbers are unique within a key; they go on after the greatest that a snapshot holds.
  int64_t sequence() const { return sequence_; }
  void set_sequence(int64_t sequence) { sequence_ = sequence; }

  // Walking the rows of keys; see state::KeyEntries. `*found` is replaced.
  Result<state::Readiness> Locate(const state::KeyBatch& keys, std::span<const int32_t> rows,
                                  std::vector<uint64_t>* handles) {
    return state_->Locate(keys, rows, handles);
  }
  Result<state::Readiness> Walk(uint64_t handle, state::AccessMode mode, uint64_t* cursor,
                                size_t max_rows, std::vector<CachedRow>* found);

  // Adds `rows` of `batch`; times[row] and matched[row] are a row's.
  Result<state::Readiness> Append(const Batch& batch, const state::KeyBatch& keys,
                                  std::span<const int32_t> rows, std::span<const TimestampMs> times,
                                  std::span<const uint8_t> matched);

  // Notes a row, whose key is that of `key_row`, to be removed by `RemoveMarked`. What has been
  // found is valid until then.
  void Mark(int32_t key_row, std::string_view name);
  void RemoveMarked(const state::KeyBatch& keys);

  const BinaryRowCodec& codec() const { return codec_; }
  const LogicalType& row_type() const { return row_; }

 private:
  const std::string state_name_;
  const LogicalType row_;
  const BinaryRowCodec codec_;
  state::MapState* state_ = nullptr;
  int64_t sequence_ = 0;

  std::vector<int32_t> marked_rows_;
  std::vector<size_t> marked_ends_;  // of the names in `marked_names_`
  std::string marked_names_;
  // Scratch.
  EncodedRows encoded_;
  std::string names_;
  std::vector<std::string_view> views_;
  std::vector<std::byte*> records_;
  std::vector<state::Record> page_;
};

}  // namespace castor::interval_join
