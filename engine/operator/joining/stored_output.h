// The result rows of a join of stored rows with stored rows, all +I, collected as pointers to their
// bytes and decoded column by column. nullptr gives NULLs. Not thread-safe.
#pragma once

#include <vector>

#include "column/batch.h"
#include "column/binary_row.h"

namespace castor::joining {

class StoredOutput {
 public:
  // Fields of the left row, then, if `output_type` has more, those of the right one.
  explicit StoredOutput(LogicalType output_type) : output_type_(std::move(output_type)) {}

  void Add(const char* left, const char* right) {
    left_.push_back(left);
    right_.push_back(right);
  }
  size_t size() const { return left_.size(); }
  bool empty() const { return left_.empty(); }

  // The collected rows as a batch; nothing is left.
  Batch Take(const BinaryRowCodec& left, const BinaryRowCodec& right);

 private:
  const LogicalType output_type_;
  std::vector<const char*> left_;
  std::vector<const char*> right_;
};

}  // namespace castor::joining
