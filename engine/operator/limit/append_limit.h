// LIMIT over rows that only arrive: those numbered start .. end pass (Flink's
// AppendOnlyTopNFunction with no sort key).
//
// The state is how many have arrived, counted no further than `end`. Flink's state would forget
// rows after its TTL, and take new ones, only after a restore: before that its cache remembers;
// here they are never forgotten.
#pragma once

#include "operator/api/operator.h"
#include "plan/nodes/rank.h"

namespace castor {

class AppendLimit final : public Operator {
 public:
  explicit AppendLimit(const plan::Rank& node) : skip_(node.start - 1), end_(node.end) {}

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  void Pass(int64_t seen, Batch batch, Output& out) const;

  const int64_t skip_;
  const int64_t end_;
  state::ValueState* count_ = nullptr;
  state::KeyBatch key_;
  Batch pending_;
};

}  // namespace castor
