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

// Results of entries: that of entry i before at row i * stride, after at i * stride + after.
struct ResultPairs {
  std::vector<ColumnPtr> columns;
  int32_t stride = 1;
  int32_t after = 0;
};

class ResultChangelog {
 public:
  ResultChangelog(bool generate_update_before, bool emits_unchanged)
      : generate_update_before_(generate_update_before), emits_unchanged_(emits_unchanged) {}

  // `keys`: one column per grouping field, in which entry i stands at rows[i] (nullptr: at i).
  // `may_be_unchanged` tells that an update may leave all results as they were.
  Batch Build(std::span<const ColumnPtr> keys, const int32_t* rows, const ResultPairs& results,
              std::span<Change> changes, bool may_be_unchanged);

 private:
  void Emit(int32_t key_row, int32_t result_row, RowKind kind) {
    key_rows_.push_back(key_row);
    result_rows_.push_back(result_row);
    kinds_.push_back(kind);
  }
  void List(const int32_t* rows, const ResultPairs& results, std::span<const Change> changes);
  BufferPtr TakeKinds() const;

  const bool generate_update_before_;
  const bool emits_unchanged_;
  // The rows to emit: where their keys and results stand.
  std::vector<int32_t> key_rows_;
  std::vector<int32_t> result_rows_;
  std::vector<RowKind> kinds_;
};

}  // namespace castor::group_aggregate
