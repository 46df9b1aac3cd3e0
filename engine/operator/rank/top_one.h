// The first row of each partition by an order, over rows that arrive or are updated upwards.
// Semantics: Flink's FastTop1Function.
//
// A row lives for its TTL after it has become the first. Single-threaded.
#pragma once

#include <vector>

#include "column/sort_key.h"
#include "operator/api/operator.h"
#include "operator/rank/rank_output.h"

namespace castor {

class TopOne final : public Operator {
 public:
  TopOne(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  struct First;  // the record of a partition

  Status ProcessRow(int32_t row, TimestampMs now, First* first);

  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  RankOutput output_;
  OperatorContext* context_ = nullptr;
  state::ValueState* state_ = nullptr;

  Batch batch_;
  state::KeyBatch keys_;
  EncodedRows sort_keys_;
  std::vector<std::byte*> records_;
};

}  // namespace castor
