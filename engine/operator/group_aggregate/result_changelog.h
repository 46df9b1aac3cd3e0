// Turns results before and after into the changelog that a grouped aggregation emits: +I for a new
// key, -U and +U for a changed one, -D for one that is gone; nothing for a result that stayed the
// same, unless state expires (then consumers must hear that the key is alive, as in Flink's
// GroupAggFunction).
//
// Built column by column. Single-threaded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "column/batch.h"

namespace castor::group_aggregate {

enum class Change : uint8_t { kNone, kInsert, kUpdate, kDelete };

// What has happened to a number of entries: a row each, or a key each. Spans of one element per
// entry; an empty one says where things are when nothing was folded.
struct Changes {
  std::vector<ColumnPtr> keys;     // of the entries' rows
  std::vector<ColumnPtr> results;  // before and after
  std::span<Change> kinds;
  std::span<const int32_t> rows;    // in `keys`; empty: entry i is at i
  std::span<const int32_t> before;  // in `results`; empty: at 2i
  std::span<const int32_t> after;   // in `results`; empty: at 2i + 1
  bool may_be_unchanged = true;     // an update may leave all results as they were
};

class ResultChangelog {
 public:
  ResultChangelog(bool generate_update_before, bool emits_unchanged)
      : generate_update_before_(generate_update_before), emits_unchanged_(emits_unchanged) {}

  // The batch to emit, maybe of no rows. Updates that change nothing become kNone in `changes`.
  Batch Build(const Changes& changes);

 private:
  void DropUnchanged(const Changes& changes);
  void List(const Changes& changes);
  void Emit(int32_t key_row, int32_t result_row, RowKind kind) {
    key_rows_.push_back(key_row);
    result_rows_.push_back(result_row);
    kinds_.push_back(kind);
  }
  BufferPtr TakeKinds() const;

  const bool generate_update_before_;
  const bool emits_unchanged_;
  // The rows to emit: where their keys and results stand.
  std::vector<int32_t> key_rows_;
  std::vector<int32_t> result_rows_;
  std::vector<RowKind> kinds_;
  std::vector<uint8_t> differs_;
};

}  // namespace castor::group_aggregate
