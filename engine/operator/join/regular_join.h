// Regular (unbounded) join of two changelogs: inner, left, right, full, semi and anti, with
// retraction and a residual condition. The semantics, row for row, are those of Flink's
// StreamingJoinOperator and StreamingSemiAntiJoinOperator.
//
// Per batch: keys are encoded once, the other side's entries are located in one pass, and pairs are
// worked off in pages, so that a hot key fills the output queue and not memory. Then the batch
// enters its own side. Rows of one batch belong to one side and never see each other, which is what
// makes this equal to Flink's row-by-row processing.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "operator/api/operator.h"
#include "operator/join/join_side.h"
#include "operator/joining/join_output.h"
#include "operator/joining/residual_condition.h"
#include "plan/nodes/join.h"

namespace castor::join {

struct CandidatePair {
  int32_t own_row;
  StoredRow stored;
};

class RegularJoin final : public Operator {
 public:
  RegularJoin(const plan::Join& node, const LogicalType& left, const LogicalType& right);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override {
    return ProcessFolded(input, std::move(batch), {}, out);
  }
  // The same with rows that are halves of updates (suppressed[row], of all rows or none): rows that
  // they match are not padded in between.
  Result<Progress> ProcessFolded(int input, Batch batch, std::vector<uint8_t> suppressed,
                                 Output& out);
  Result<Progress> Continue(Output& out) override;

  const JoinSide& side(int input) const { return sides_[input]; }

 private:
  // The batch at hand and how far it has been worked off.
  struct InFlight {
    int input = 0;
    Batch batch;
    std::vector<uint8_t> suppressed;  // per row; empty: none is
    state::KeyBatch keys;
    std::vector<int32_t> matchable;  // rows whose key can equal another
    std::vector<uint64_t> handles;   // of the other side's entries, per row of the batch
    bool located = false;
    int32_t row = 0;               // the next row to look for matches of
    uint64_t cursor = 0;           // within its entries
    std::vector<int32_t> matches;  // found so far, per row
  };

  bool IsSemiOrAnti() const {
    return type_ == plan::JoinType::kSemi || type_ == plan::JoinType::kAnti;
  }
  bool PadsWithNulls(int input) const;
  Result<Progress> Run(Output& out);
  Result<state::Readiness> Locate();
  // Fills `pairs_` with candidates from `in_flight_.row` on until the page is full or the batch is
  // through.
  Result<state::Readiness> CollectPairs();
  // Keeps the pairs on which the residual condition is TRUE.
  Status FilterPairs();
  // Emits what the pairs and the rows [from, in_flight_.row), which match nothing more, give rise
  // to.
  void EmitPage(int32_t from);
  void EmitPair(const CandidatePair& pair);
  void EmitSemiAntiPair(const CandidatePair& pair);
  void FinishRow(int32_t row);
  void Flush(Output& out);
  JoinSide& own() { return sides_[in_flight_.input]; }
  JoinSide& other() { return sides_[1 - in_flight_.input]; }

  const plan::JoinType type_;
  const plan::ExpressionPtr condition_;
  JoinSide sides_[2];
  joining::JoinOutput output_;
  std::unique_ptr<joining::ResidualCondition> residual_;
  OperatorContext* context_ = nullptr;
  size_t page_rows_ = 1024;
  InFlight in_flight_;
  std::vector<StoredRow> found_;
  std::vector<CandidatePair> pairs_;
  // The rows of `pairs_`, for the residual condition.
  std::vector<int32_t> own_rows_;
  std::vector<const char*> stored_rows_;
  std::vector<int32_t> passed_;
};

}  // namespace castor::join
