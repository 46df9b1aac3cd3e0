// The keys of one side of a join: encoded by the batch, and which of them can equal no other.
//
// A NULL in a key field that is compared by `=` equals nothing; in one that is compared by IS NOT
// DISTINCT FROM it equals NULL (Flink's JoinConditionWithNullFilters). Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "state/keys.h"

namespace castor::joining {

class JoinKeys {
 public:
  // `filter_nulls`: per key, whether NULL equals nothing.
  JoinKeys(const LogicalType& row, std::vector<int32_t> fields, std::vector<bool> filter_nulls);

  void Encode(const Batch& batch, state::KeyBatch* keys) const { encoder_.Encode(batch, keys); }
  // The rows whose key can equal another; `*rows` is replaced.
  void Matchable(const Batch& batch, std::vector<int32_t>* rows) const;
  // Whether an encoded key equals nothing.
  bool EqualsNothing(std::string_view key) const;

 private:
  const std::vector<int32_t> fields_;
  const state::KeyEncoder encoder_;
  std::vector<size_t> filtering_;  // the keys, by position, whose NULL equals nothing
};

}  // namespace castor::joining
