// What the aggregations do alike: they gather rows into bundles and turn each bundle into a
// changelog when it is closed: by a number of rows, a watermark, a barrier or the end of input
// (Flink's MapBundleOperator with its CountBundleTrigger). Without mini-batches every batch is a
// bundle of its own.
//
// Single-threaded.
#pragma once

#include <optional>

#include "operator/api/operator.h"
#include "state/keyed_state.h"

namespace castor::bundle {

class BundleOperator : public Operator {
 public:
  // `bundle_rows` 0: no mini-batches.
  explicit BundleOperator(int64_t bundle_rows) : bundle_rows_(bundle_rows) {}

  Status Open(OperatorContext& context) final;
  Result<Progress> Process(int input, Batch batch, Output& out) final;
  Result<Progress> Continue(Output& out) final { return Run(out); }
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) final;
  Result<Progress> BeforeBarrier(Output& out) final { return Close(out); }
  Result<Progress> EndInput(int input, Output& out) final {
    (void)input;
    return Close(out);
  }

 protected:
  bool mini_batch() const { return bundle_rows_ > 0; }

  virtual Status OpenState(OperatorContext& context) = 0;
  // Takes rows into the open bundle.
  virtual Status Add(Batch part) = 0;
  // Closes the bundle, which has rows, and gives what it changes. Called again after kPending.
  virtual Result<state::Readiness> Finish(Batch* changes) = 0;

 private:
  Result<Progress> Close(Output& out);
  Result<Progress> Run(Output& out);
  Status AddInput();
  // True when all of `changes_` has gone out.
  bool EmitChanges(Output& out);

  const int64_t bundle_rows_;
  int32_t batch_rows_ = 0;
  std::optional<Batch>
      input_;  // what of the present batch is in no bundle yet begins at `next_row_`
  int32_t next_row_ = 0;
  int64_t rows_ = 0;  // of the open bundle
  bool closing_ = false;
  Batch changes_;
  int32_t emitted_ = 0;
  std::optional<TimestampMs> watermark_;  // goes out after the bundles before it
};

}  // namespace castor::bundle
