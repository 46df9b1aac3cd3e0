// Mini-batches: the rows between two triggers of Flink's MapBundleOperator, which are a number of
// rows, a watermark, a checkpoint barrier and the end of input.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "plan/bundle.h"

namespace castor::group_aggregate {

// Rows of a mini-batch (table.exec.mini-batch.size of the node, else of the job); 0: mini-batches
// are off.
Result<int64_t> MiniBatchRows(const plan::Node& node, const plan::Bundle& bundle);

// Gathers batches into bundles of exactly `rows` rows. Holds references to the batches' columns,
// and joins those that are `used`, in the input's places (the others are null). Not thread-safe.
class BundleBuffer {
 public:
  BundleBuffer(int64_t rows, std::vector<int32_t> used) : rows_(rows), used_(std::move(used)) {}

  void Add(Batch batch);
  // Closes the bundle that is being filled.
  void Close();

  // Closed bundles, oldest first.
  bool HasBundle() const { return !bundles_.empty(); }
  Batch TakeBundle();

 private:
  Batch Join() const;

  const int64_t rows_;
  const std::vector<int32_t> used_;
  std::vector<Batch> parts_;
  int64_t part_rows_ = 0;
  std::deque<Batch> bundles_;
};

}  // namespace castor::group_aggregate
