// The first rows of each partition in the order of arrival, over rows that only arrive: LIMIT,
// Top-N by ascending processing time, and deduplication that keeps the first row. Semantics:
// Flink's AppendOnlyFirstNFunction, its AppendOnlyTopNFunction and FastTop1Function when there is
// no sort key, and ProcTimeDeduplicateKeepFirstRowFunction (whose mini-batch form has the same
// results).
//
// The state is how many rows of a partition have passed or been skipped. It lives for its TTL after
// the last of them. Single-threaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operator/api/operator.h"

namespace castor {

class FirstRows final : public Operator {
 public:
  struct Options {
    std::string state_name;
    std::vector<int32_t> partition;
    int64_t start = 1;  // the rows [start, end] of each partition pass
    int64_t end = 1;
    int64_t ttl_ms = 0;
    bool numbered = false;  // a last column says which row it is
  };
  FirstRows(Options options, const LogicalType& input, LogicalType output);

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  void Select();
  void Emit(Output& out);

  const Options options_;
  const LogicalType output_type_;
  const state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  state::ValueState* counts_ = nullptr;

  Batch batch_;
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
  std::vector<int32_t> selected_;
  std::vector<int64_t> numbers_;  // of the selected rows
};

}  // namespace castor
