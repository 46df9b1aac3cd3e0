// Event time of the rows of one source split, for a watermark that the planner pushed into the
// scan.
//
// The runtime owns one generator per split, merges splits and decides when to emit; the generator
// only evaluates the watermark expression, which the runtime cannot (it knows nothing of
// expressions).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "plan/bundle.h"

namespace castor {

class WatermarkGenerator {
 public:
  virtual ~WatermarkGenerator() = default;
  // watermarks[row] = the watermark after that row (kMinTimestamp where the expression is NULL),
  // not yet made monotonous. Single-threaded.
  virtual Status Evaluate(const Batch& batch, std::vector<TimestampMs>* watermarks) = 0;
};

using WatermarkGeneratorFactory = std::function<Result<std::unique_ptr<WatermarkGenerator>>(
    const plan::ScanAbilities&, const plan::Bundle&)>;

}  // namespace castor
