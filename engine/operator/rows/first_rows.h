// The first rows of each partition in the order of arrival, over rows that only arrive: LIMIT, and
// Top-N by ascending processing time. Semantics: Flink's AppendOnlyFirstNFunction, and its
// AppendOnlyTopNFunction and FastTop1Function when there is no sort key.
//
// The state is how many rows of a partition have passed or been skipped. It lives for its TTL after
// the last of them. Single-threaded.
#pragma once

#include <vector>

#include "operator/api/operator.h"
#include "plan/nodes/rank.h"

namespace castor {

class FirstRows final : public Operator {
 public:
  FirstRows(const plan::Rank& node, const LogicalType& input);

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  void Select();
  void Emit(Output& out);

  const int64_t start_;
  const int64_t end_;
  const bool numbered_;
  const int64_t ttl_ms_;
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
