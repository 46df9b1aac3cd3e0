// What the four aggregations do alike: they cut their input into bundles, turn each bundle into a
// batch, and hold watermarks back until the bundles before them have gone out (Flink's
// MapBundleOperator).
//
// Without mini-batches every batch is a bundle of its own, at once. Single-threaded.
#pragma once

#include <optional>
#include <vector>

#include "operator/api/operator.h"
#include "operator/group_aggregate/mini_batch.h"
#include "state/keyed_state.h"

namespace castor::group_aggregate {

class BundleOperator : public Operator {
 public:
  // `bundle_rows` 0: no mini-batches. `used`: the input's fields that bundles need.
  BundleOperator(int64_t bundle_rows, std::vector<int32_t> used)
      : mini_batch_(bundle_rows > 0), buffer_(bundle_rows, std::move(used)) {}

  Result<Progress> Process(int input, Batch batch, Output& out) final;
  Result<Progress> Continue(Output& out) final { return Run(out); }
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) final;
  Result<Progress> BeforeBarrier(Output& out) final { return Flush(out); }
  Result<Progress> EndInput(int input, Output& out) final {
    (void)input;
    return Flush(out);
  }

 protected:
  bool mini_batch() const { return mini_batch_; }
  // Turns `bundle` into `*result` (may be empty). Repeated with the same arguments after kPending.
  virtual Result<state::Readiness> ProcessBundle(const Batch& bundle, Batch* result) = 0;

 private:
  Result<Progress> Flush(Output& out);
  Result<Progress> Run(Output& out);

  const bool mini_batch_;
  BundleBuffer buffer_;
  std::optional<Batch> current_;
  std::optional<TimestampMs> watermark_;  // to go out when all bundles have
};

}  // namespace castor::group_aggregate
