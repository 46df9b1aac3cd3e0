// The regular join with mini-batches: rows of both sides are gathered and folded, and a closed
// bundle goes through the join one side after the other: the right one first, but in right outer
// joins the left one. Semantics: Flink's MiniBatchStreamingJoinOperator with its
// CountCoBundleTrigger.
//
// A bundle is closed by a number of rows, a watermark, a barrier or the end of an input.
// Single-threaded.
#pragma once

#include <optional>

#include "operator/join/join_bundle.h"
#include "operator/join/regular_join.h"

namespace castor::join {

class MiniBatchJoin final : public Operator {
 public:
  MiniBatchJoin(const plan::Join& node, const LogicalType& left, const LogicalType& right,
                int64_t bundle_rows);

  Status Open(OperatorContext& context) override { return join_.Open(context); }
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override { return Run(out); }
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> BeforeBarrier(Output& out) override { return Close(out); }
  Result<Progress> EndInput(int input, Output& out) override;

 private:
  Result<Progress> Close(Output& out);
  Result<Progress> Run(Output& out);
  // Takes as many rows of the present batch as the open bundle has room for.
  void AddInput();
  Result<Progress> JoinNextSide(Output& out);

  const int64_t bundle_rows_;
  const int first_side_;
  RegularJoin join_;
  JoinBundle sides_[2];
  int64_t rows_ = 0;  // of the open bundle
  // What of the present batch is in no bundle yet begins at `next_row_`.
  std::optional<Batch> input_;
  int side_ = 0;
  int32_t next_row_ = 0;
  int sides_left_ = 0;                    // of the bundle that is being closed
  bool joining_ = false;                  // one of them is on its way
  std::optional<TimestampMs> watermark_;  // goes out after the bundles before it
};

}  // namespace castor::join
