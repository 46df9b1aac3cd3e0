// A column put together from values that were computed for parts of its rows.
#pragma once

#include <vector>

#include "column/column.h"

namespace castor::expr {

class Scatter {
 public:
  // Every row is to be covered by one `Add`.
  Scatter(const LogicalType& type, int32_t count);

  // Value i of `column` (any encoding) belongs to row `positions[i]`; the positions live until
  // Finish.
  void Add(ColumnPtr column, const int32_t* positions);

  ColumnPtr Finish() &&;

 private:
  struct Part {
    ColumnPtr column;
    const int32_t* positions;
  };

  template <typename T>
  void Place(const Part& part, Column* result) const;
  ColumnPtr FinishNested() const;

  const LogicalType type_;
  const int32_t count_;
  std::vector<Part> parts_;
};

}  // namespace castor::expr
