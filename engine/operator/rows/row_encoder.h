// The rows of a batch as bytes, and the part of each by which rows match each other: an upsert key
// of the input, or nothing where rows match as a whole. Used by one operator instance; not
// thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "column/batch.h"
#include "column/binary_row.h"

namespace castor {

class RowEncoder {
 public:
  RowEncoder(const LogicalType& row, std::vector<int32_t> match_fields);

  void Encode(const Batch& batch);
  // Of the batch encoded last; valid until the next one.
  std::string_view row(int32_t i) const { return rows_.row(i); }
  std::string_view match_key(int32_t i) const {
    return match_codec_ == nullptr ? std::string_view() : match_keys_.row(i);
  }

  std::vector<ColumnPtr> Decode(std::span<const char* const> rows) const {
    return row_codec_.Decode(rows);
  }
  // Says what the bytes hold, for the schema of a state.
  const std::string& schema() const { return schema_; }

 private:
  const std::vector<int32_t> match_fields_;
  const BinaryRowCodec row_codec_;
  const std::unique_ptr<BinaryRowCodec> match_codec_;  // nullptr: rows match as a whole
  std::string schema_;
  EncodedRows rows_;
  EncodedRows match_keys_;
};

}  // namespace castor
