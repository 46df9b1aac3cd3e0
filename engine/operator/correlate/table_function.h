// A table function: what rows it makes of each row's arguments.
//
// For each batch: Begin, then Take for pieces of what the rows give, in order, as often as it
// takes. Single-threaded.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "plan/expression.h"

namespace castor::correlate {

class TableFunction {
 public:
  // A run of the rows that row `row` of the batch gives.
  struct Piece {
    int32_t row;
    int64_t first;
    int64_t count;
  };

  virtual ~TableFunction() = default;
  // counts[row] = how many rows the arguments of `row` give.
  virtual Status Begin(std::vector<ColumnPtr> arguments, int32_t rows,
                       std::vector<int64_t>* counts) = 0;
  // The rows of all pieces, one after the other: a column per field of the function's rows.
  virtual std::vector<ColumnPtr> Take(std::span<const Piece> pieces) = 0;
};

// Refuses functions by name (kUnsupported).
Result<std::unique_ptr<TableFunction>> MakeTableFunction(const plan::Expression& call);

// The functions; each checks the types of its call.
Result<std::unique_ptr<TableFunction>> MakeReplicateRows(const plan::Expression& call);
Result<std::unique_ptr<TableFunction>> MakeUnnest(const plan::Expression& call,
                                                  bool with_ordinality);

}  // namespace castor::correlate
