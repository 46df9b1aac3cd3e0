// One call of an AggregateSet: its function, and what of a batch reaches it. Private to the set.
#pragma once

#include <memory>
#include <vector>

#include "aggregate/map_function.h"

namespace castor::aggregate {

struct Call {
  std::unique_ptr<Function> function;
  RowFunction* row_function = nullptr;  // `function` as either of the two
  MapFunction* map_function = nullptr;
  std::vector<int32_t> arguments;
  int32_t filter = -1;
  bool distinct = false;

  // What of the present batch reaches the function, made by `Prepare`.
  std::vector<ColumnPtr> columns;  // its arguments, flat
  const RowOp* ops = nullptr;      // nullptr: kAdd for all
  std::vector<RowOp> own_ops;

  // Flattens the arguments and takes out the rows that the filter or a NULL keeps away.
  void Prepare(const Batch& batch, const RowOp* base);
  CallRows Rows(int32_t count, std::byte* const* records) const { return {count, records, ops}; }
  // Makes `ops` one's own to change.
  RowOp* OwnOps(int32_t rows);
};

// ops[i] becomes kNone where kept(i) is false, except where it is kReset.
template <typename Kept>
void DropRows(int32_t rows, Kept&& kept, RowOp* ops) {
  for (int32_t i = 0; i < rows; ++i) {
    ops[i] = kept(i) || ops[i] == RowOp::kReset ? ops[i] : RowOp::kNone;
  }
}

// The same for the rows where the BOOLEAN `filter` is not TRUE.
void DropFiltered(const Column& filter, int32_t rows, RowOp* ops);

}  // namespace castor::aggregate
