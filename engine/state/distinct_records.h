// The records of a batch, each once, with the first and the last row that it has. A small hash
// table of addresses: it stays in the cache, where passing over the records once more would not.
//
// Not thread-safe; memory is reused from batch to batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace castor::state {

class DistinctRecords {
 public:
  void Find(std::span<std::byte* const> records);

  int32_t size() const { return static_cast<int32_t>(records_.size()); }
  // By entry, in the order of first rows.
  const std::vector<std::byte*>& records() const { return records_; }
  const std::vector<int32_t>& first_rows() const { return first_rows_; }
  const std::vector<int32_t>& last_rows() const { return last_rows_; }
  // By row.
  const std::vector<int32_t>& entries() const { return entries_; }

 private:
  std::vector<int32_t> slots_;  // entry + 1, or 0; a power of two of them, at least twice the rows
  std::vector<std::byte*> records_;
  std::vector<int32_t> first_rows_;
  std::vector<int32_t> last_rows_;
  std::vector<int32_t> entries_;
};

}  // namespace castor::state
