// The result rows of a join, collected as (own row, stored row, kind) and turned into batches
// column by column: own columns are gathered from the input batch, stored rows are decoded from
// their bytes.
//
// "Own" is the side of the batch at hand. Own row -1 and stored row nullptr give NULLs. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "column/batch.h"
#include "column/binary_row.h"

namespace castor::joining {

class JoinOutput {
 public:
  enum class Columns : uint8_t { kBoth, kLeftOnly };  // semi and anti joins emit left rows only

  JoinOutput(LogicalType output_type, Columns columns)
      : output_type_(std::move(output_type)), columns_(columns) {}

  void Add(int32_t own_row, const char* stored_row, RowKind kind) {
    own_rows_.push_back(own_row);
    stored_rows_.push_back(stored_row);
    kinds_.push_back(kind);
    all_inserts_ &= kind == RowKind::kInsert;
  }
  size_t size() const { return own_rows_.size(); }
  bool empty() const { return own_rows_.empty(); }

  // The collected rows as a batch; nothing is left. `own_is_left` says on which side `own` arrived.
  Batch Take(const Batch& own, const BinaryRowCodec& stored, bool own_is_left);

 private:
  void AppendOwn(const Batch& own, std::vector<ColumnPtr>* columns) const;
  void AppendStored(const BinaryRowCodec& stored, std::vector<ColumnPtr>* columns) const;

  const LogicalType output_type_;
  const Columns columns_;
  std::vector<int32_t> own_rows_;
  std::vector<const char*> stored_rows_;
  std::vector<RowKind> kinds_;
  bool all_inserts_ = true;
};

}  // namespace castor::joining
