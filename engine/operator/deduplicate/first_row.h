// Lets the first row of each key to arrive through: Flink's ProcTimeDeduplicateKeepFirstRowFunction
// (and its mini-batch form, whose results are the same).
//
// The state is that a key has been seen; it lives for its TTL after the row that went through.
// Single-threaded.
#pragma once

#include <vector>

#include "operator/api/operator.h"
#include "plan/nodes/rank.h"

namespace castor::deduplicate {

class FirstRow final : public Operator {
 public:
  FirstRow(const plan::Deduplicate& node, const LogicalType& input)
      : ttl_ms_(node.StateTtlMs(0)), key_encoder_(input, node.unique_keys) {}

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  state::ValueState* seen_ = nullptr;
  Batch batch_;
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
  std::vector<int32_t> selected_;
};

}  // namespace castor::deduplicate
