// Rows that leave an operator as bytes, gathered until they make a batch. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "column/batch.h"
#include "operator/rows/row_encoder.h"

namespace castor {

class RowOutput {
 public:
  // The bytes are copied. `cause` is the row of the input that made it appear; causes ascend.
  void Emit(RowKind kind, std::string_view row, int32_t cause = 0);
  bool empty() const { return kinds_.empty(); }
  size_t size() const { return kinds_.size(); }

  // All rows so far as a batch with the marks of `marks`, which stood among the rows of the input.
  // The output is empty afterwards.
  Batch Take(const RowEncoder& encoder, const std::vector<WatermarkMark>& marks = {});

 private:
  std::string bytes_;
  std::vector<size_t> offsets_;
  std::vector<RowKind> kinds_;
  std::vector<int32_t> causes_;
};

}  // namespace castor
