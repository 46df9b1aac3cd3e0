// One side of a regular join: the rows that have arrived on it and are still there, per join key.
//
// Three forms, chosen by what the plan knows of the side (Flink's JoinInputSideSpec and
// JoinRecordStateViews):
//   by unique key rows are replaced and removed by unique key (empty when the join key contains
//   it);
//                 also where only inserts arrive: a primary key is declared, not enforced
//   appended      only inserts arrive, no unique key: a list of rows; appending does not read
//   by row        rows are counted by their bytes
// Rows are BinaryRowData bytes. Each carries an association count (how many rows of the other side
// it matches) when the join pads this side with NULLs, or for the left side of semi and anti joins.
//
// Not thread-safe; belongs to one join operator instance.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "column/binary_row.h"
#include "operator/joining/join_keys.h"
#include "state/keyed_state.h"

namespace castor::join {

struct JoinSideSpec {
  std::string state_name;  // Flink's "left-records" or "right-records"
  LogicalType row;         // ROW of this input
  std::vector<int32_t> keys;
  std::vector<bool> filter_nulls;  // per key
  std::vector<std::vector<int32_t>> unique_keys;
  bool insert_only = false;
  bool counts_associations = false;
  int64_t ttl_ms = 0;
};

// A stored row that the walk over a key found.
struct StoredRow {
  const char* bytes;
  int32_t* associations;  // nullptr unless counted
  int32_t times;          // how often equal rows are there
};

class JoinSide {
 public:
  explicit JoinSide(JoinSideSpec spec);

  Status Open(state::KeyedStateStore& store);

  const joining::JoinKeys& keys() const { return keys_; }
  bool has_unique_key() const { return form_ == Form::kByUniqueKey; }
  // What tells apart rows of the same join key: the unique key (of no fields, where the join key
  // has it), else the row itself.
  void EncodeIdentities(const Batch& batch, EncodedRows* identities) const;

  // Walking the rows of keys (of the other side's batch); see state::KeyEntries.
  Result<state::Readiness> Locate(const state::KeyBatch& keys, std::span<const int32_t> rows,
                                  std::vector<uint64_t>* handles) {
    return entries_->Locate(keys, rows, handles);
  }
  Result<state::Readiness> Walk(uint64_t handle, uint64_t* cursor, size_t max_rows,
                                std::vector<StoredRow>* found);

  // Adds (+I, +U) or removes (-U, -D) `rows` of `batch`, in order. associations[row] is what an
  // added row starts with; ignored unless counted. Changes nothing when it answers pending.
  Result<state::Readiness> Update(const Batch& batch, const state::KeyBatch& keys,
                                  std::span<const int32_t> rows,
                                  std::span<const int32_t> associations);

  const BinaryRowCodec& codec() const { return codec_; }
  const JoinSideSpec& spec() const { return spec_; }

 private:
  enum class Form : uint8_t { kAppended, kByUniqueKey, kByRow };

  Status Append(const state::KeyBatch& keys, std::span<const int32_t> rows,
                std::span<const int32_t> associations);
  Result<state::Readiness> Apply(const Batch& batch, const state::KeyBatch& keys,
                                 std::span<const int32_t> rows,
                                 std::span<const int32_t> associations);
  void EraseGone(const state::KeyBatch& keys, std::span<const int32_t> rows);
  state::StateDescriptor Describe() const;

  const JoinSideSpec spec_;
  const BinaryRowCodec codec_;
  const joining::JoinKeys keys_;
  Form form_ = Form::kAppended;
  std::vector<int32_t> unique_key_;
  std::unique_ptr<state::KeyEncoder> unique_key_encoder_;
  state::ListState* list_ = nullptr;
  state::MapState* map_ = nullptr;
  state::KeyEntries* entries_ = nullptr;

  // Scratch, reused from batch to batch.
  EncodedRows encoded_;
  state::KeyBatch unique_keys_;
  std::vector<std::string_view> values_;
  std::vector<std::byte*> records_;
  std::vector<state::Record> page_;
  std::vector<int32_t> gone_rows_;
  std::vector<std::string_view> gone_keys_;
};

}  // namespace castor::join
