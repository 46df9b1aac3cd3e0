// What a Top-N emits: rows with a change and, where the query asks for it, their number.
//
// A change outside of the range of numbers is not emitted, and -U only where somebody reads it
// (Flink's AbstractTopNFunction.collect*). Not thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "operator/rows/row_output.h"
#include "plan/nodes/rank.h"

namespace castor {

class RankOutput {
 public:
  explicit RankOutput(const plan::Rank& node);

  // The last number of the partition whose changes follow.
  void set_end(int64_t end) { end_ = end; }
  bool WithinEnd(int64_t number) const { return number <= end_; }

  // Whether the row has been emitted; its bytes are copied.
  bool Emit(RowKind kind, std::string_view row, int64_t number);
  // For queries without row numbers and offset.
  bool Emit(RowKind kind, std::string_view row) { return Emit(kind, row, start_); }

  bool empty() const { return rows_.empty(); }
  size_t size() const { return rows_.size(); }
  Batch Take(const RowEncoder& encoder);

 private:
  const int64_t start_;
  int64_t end_;
  const bool update_before_;
  const bool numbered_;
  LogicalType number_type_;
  RowOutput rows_;
  std::vector<int64_t> numbers_;
};

}  // namespace castor
