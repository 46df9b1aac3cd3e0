// The keys of a batch: Flink's BinaryRowData bytes, hash and key group for each row.
//
// Made once per batch by the host (or an exchange) and used for every state access of that batch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "column/binary_row.h"

namespace castor::state {

struct KeyBatch {
  EncodedRows rows;
  std::vector<int32_t> hashes;  // HashBinaryRow of each row

  int32_t count() const { return rows.count; }
  std::string_view key(int32_t i) const { return rows.row(i); }
};

// Projects and encodes key columns. Immutable, thread-safe.
class KeyEncoder {
 public:
  KeyEncoder(const LogicalType& input_row, std::vector<int32_t> key_fields);
  void Encode(const Batch& batch, KeyBatch* out) const;
  const BinaryRowCodec& codec() const { return codec_; }

 private:
  std::vector<int32_t> fields_;
  BinaryRowCodec codec_;
};

}  // namespace castor::state
