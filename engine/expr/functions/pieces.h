// Pieces of text, appended one after the other: the elements of lists that functions cut out of
// text. Used for one column by one thread.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "column/column.h"
#include "column/string_arena.h"

namespace castor::expr {

class Pieces {
 public:
  void Add(std::string_view piece) { refs_.push_back(arena_.Add(piece)); }
  void AddNull() {
    nulls_.push_back(size());
    refs_.emplace_back();
  }
  int32_t size() const { return static_cast<int32_t>(refs_.size()); }

  ColumnPtr Finish(const LogicalType& type) {
    MutableColumnPtr column = Column::MakeFlat(type, size());
    std::copy(refs_.begin(), refs_.end(), column->mutable_values<StringRef>());
    for (const int32_t row : nulls_) column->SetNull(row);
    arena_.Finish(column.get());
    return column;
  }

 private:
  std::vector<StringRef> refs_;
  std::vector<int32_t> nulls_;
  StringArena arena_;
};

}  // namespace castor::expr
