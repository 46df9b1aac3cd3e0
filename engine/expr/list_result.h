// A list column put together from elements that are there already: functions name the rows of
// source columns that each list takes, the elements are moved at the end, all at once.
//
// Used for one column at a time by one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "column/column.h"

namespace castor::expr {

class ListResult {
 public:
  ListResult(const LogicalType& type, int32_t rows);

  // The elements of the next list, then its end. Row -1 is a NULL element.
  void Add(int32_t source_row) { elements_.push_back(source_row); }
  void AddRun(ListRef run) {
    for (int32_t row = run.offset; row < run.end(); ++row) elements_.push_back(row);
  }
  void EndList();
  void EndNull();

  // Elements of the list that is being made.
  const int32_t* begin() const { return elements_.data() + start_; }
  const int32_t* end() const { return elements_.data() + elements_.size(); }
  int32_t* mutable_begin() { return elements_.data() + start_; }

  // `sources[i]` holds what the rows named for child i are; they get the type of that child.
  ColumnPtr Finish(const std::vector<ColumnPtr>& sources) &&;

 private:
  MutableColumnPtr column_;
  int32_t row_ = 0;
  size_t start_ = 0;
  std::vector<int32_t> elements_;
};

// Children of lists that functions read: where several list columns' elements are to be named
// together, they are concatenated; `offset` of a column is added to its rows.
struct JoinedElements {
  std::vector<ColumnPtr> children;
  std::vector<int32_t> offsets;  // per list column

  // `lists` are flat or constant, all of types with the same layout as `type`'s children.
  static JoinedElements Of(const LogicalType& type, const std::vector<ColumnPtr>& lists);
};

}  // namespace castor::expr
