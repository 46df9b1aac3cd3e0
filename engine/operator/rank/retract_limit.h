// LIMIT over rows that may go again: the first `end` rows still there are shown, from the
// `start`-th on (Flink's RetractableTopNFunction with no sort key; row for row what that emits).
//
// State: the first `end` rows are one list in a record; the ones behind them are entries by
// sequence number, with an index from a row's bytes to its numbers, so that rows beyond the limit
// cost the same however many they are. Single-threaded.
#pragma once

#include <string>
#include <string_view>

#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/row_list.h"
#include "operator/rows/row_output.h"
#include "plan/nodes/rank.h"

namespace castor {

class RetractLimit final : public Operator {
 public:
  RetractLimit(const plan::Rank& node, const LogicalType& input);

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  struct Shown;  // the record of the rows within the limit
  // A row behind the limit: its bytes and where it stands.
  struct Waiting {
    std::string row;
    uint64_t number = 0;
  };

  // Each answers false, having changed nothing that counts, when state is pending.
  Result<bool> ProcessRow(int32_t row);
  Result<bool> Add(int32_t row, Shown* shown);
  Result<bool> Retract(int32_t row, Shown* shown);
  Result<bool> AppendWaiting(std::string_view row, Shown* shown);
  Result<bool> FindFirstWaiting(Shown* shown, Waiting* first);
  Result<bool> RemoveWaiting(std::string_view row, Shown* shown);

  Status RemoveShown(int32_t row, const RowList::Entry& removed, const std::string* next,
                     Shown* shown);
  void EmitShift(int32_t row, const RowList& list, const RowList::Entry& removed,
                 const std::string* next);

  const int64_t start_;
  const int64_t end_;
  const bool update_before_;
  const int64_t ttl_ms_;
  RowEncoder encoder_;
  state::ValueState* shown_ = nullptr;
  state::MapState* waiting_ = nullptr;  // number -> row
  state::MapState* numbers_ = nullptr;  // row -> its numbers, ascending
  state::KeyBatch key_;

  Batch batch_;
  int32_t row_ = 0;
  std::string scratch_;
  RowOutput output_;
};

}  // namespace castor
