// Makes an upsert stream by primary key out of a changelog that has another key (or none), Flink's
// SinkUpsertMaterializer: the rows of a key are kept in order of arrival, what is written is the
// last one.
//
// All of Flink's strategies (LEGACY, VALUE, MAP, ADAPTIVE) give the same results, so there is one
// implementation; they differ in what state costs, and in that only LEGACY obeys a TTL.
// Single-threaded; one instance per sink subtask.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "column/batch.h"
#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "plan/nodes/scan.h"
#include "state/keyed_state.h"

namespace castor {

class UpsertMaterializer {
 public:
  UpsertMaterializer(const plan::Sink& node, const LogicalType& input);

  Status Open(OperatorContext& context);

  // Takes a batch. `Advance` may have to be repeated (kPending) before the next one is given.
  void Accept(Batch batch);
  Result<Progress> Advance(Output& out);

 private:
  Status Add(int32_t row, state::Blob* blob);
  Status Retract(int32_t row, state::Blob* blob);
  void EmitInput(int32_t row, RowKind kind);
  void EmitState(int32_t row, std::string_view bytes);
  Batch TakeOutput();

  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  RowEncoder encoder_;
  state::ValueState* rows_ = nullptr;

  Batch batch_;
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
  std::string scratch_;

  // The rows to be written: of the batch (its row), or of state (rows of the batch + an index).
  std::vector<int32_t> sources_;
  std::vector<int32_t> caused_by_;  // the row of the batch, for marks
  std::vector<RowKind> kinds_;
  std::deque<std::string> state_rows_;
};

}  // namespace castor
