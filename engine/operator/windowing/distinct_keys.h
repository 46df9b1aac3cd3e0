// The distinct keys of a batch, numbered in the order of their first rows. Not thread-safe; keeps
// its memory from batch to batch.
#pragma once

#include <cstdint>
#include <vector>

#include "state/keys.h"

namespace castor::windowing {

class DistinctKeys {
 public:
  void Find(const state::KeyBatch& keys);

  const std::vector<int32_t>& number_of_row() const { return number_of_row_; }
  const std::vector<int32_t>& first_rows() const { return first_rows_; }  // per number

 private:
  std::vector<int32_t> number_of_row_;
  std::vector<int32_t> first_rows_;
  std::vector<int32_t> slots_;  // open addressing: numbers, -1 is empty
};

}  // namespace castor::windowing
