// The first rows of each partition by an order, over rows that arrive, or that are updated such
// that they move upwards only. Semantics: Flink's AppendOnlyTopNFunction and UpdatableTopNFunction.
//
// The state of a partition is one record with its rows in order, no more than are shown: rows that
// fall out never come back. Without numbers an entering row only pushes another one out; with them
// (or with an offset) each row behind it changes places. With a TTL rows are forgotten as in Flink:
// at the first access when its cache of the partition would have expired, by when they were
// written. Single-threaded.
#pragma once

#include <string>
#include <vector>

#include "column/sort_key.h"
#include "operator/api/operator.h"
#include "operator/rank/rank_output.h"
#include "operator/rows/sorted_rows.h"

namespace castor {

class TopN final : public Operator {
 public:
  TopN(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  struct Top;  // the record of a partition

  Status ProcessRow(int32_t row, Top* top);
  // The last number of the partition, which its first row decides where it is a column.
  int64_t EndOf(int32_t row, Top* top) const;
  bool IsInRange(std::string_view sort_key, const Top& top) const;
  void Read(const Top& top);
  Status Write(Top* top);
  Status ForgetExpired(Top* top);
  bool IsExpired(size_t index) const;

  void Insert(const SortedRow& added, int64_t end);
  void Update(size_t index, const SortedRow& changed);
  void PushOutLast(const SortedRow& added);
  void EmitShift(size_t from);
  void EmitMoveUp(const SortedRow& old, size_t from, size_t to);
  void EmitMoveDown(const SortedRow& old, size_t from, size_t to);

  const plan::Rank node_;
  const bool by_key_;    // rows are updated by key
  const bool numbered_;  // numbers are shown, or some are skipped
  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  RankOutput output_;
  OperatorContext* context_ = nullptr;
  state::ValueState* state_ = nullptr;

  Batch batch_;
  int32_t row_ = 0;
  bool acquired_ = false;
  TimestampMs now_ = 0;
  state::KeyBatch keys_;
  EncodedRows sort_keys_;
  std::vector<std::byte*> records_;
  std::vector<SortedRow> rows_;  // of the partition at hand
  std::string bytes_;
};

}  // namespace castor
