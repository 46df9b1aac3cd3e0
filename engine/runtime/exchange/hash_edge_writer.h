// Rows to subtasks by key group, as Flink's KeyGroupStreamPartitioner. Reference bytes of strings
// move, never the strings.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/exchange/edge_writer.h"
#include "state/keys.h"

namespace castor::runtime {

class HashEdgeWriter final : public EdgeWriter {
 public:
  HashEdgeWriter(const LogicalType& row, std::vector<int32_t> keys, std::vector<Channel*> targets,
                 const EdgeWriterOptions& options);

  void Write(const Batch& batch) override;

 private:
  // Fills `rows_` with row numbers ordered by target, and `begin_` with where each target's start.
  void Partition(const Batch& batch);
  void WriteMarks(const Batch& batch, size_t target, Batch* piece) const;

  const state::KeyEncoder encoder_;
  std::vector<uint16_t> target_of_group_;
  state::KeyBatch keys_;
  std::vector<uint16_t> target_of_row_;
  std::vector<int32_t> rows_;
  std::vector<int32_t> begin_;
  std::vector<int32_t> fill_;
};

}  // namespace castor::runtime
