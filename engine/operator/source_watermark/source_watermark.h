// Event time of source rows by the watermark expression that the planner pushed into a scan.
#pragma once

#include <memory>

#include "operator/api/watermark_generator.h"

namespace castor {

// A WatermarkGeneratorFactory. nullptr where no watermark was pushed.
Result<std::unique_ptr<WatermarkGenerator>> MakeSourceWatermark(
    const plan::ScanAbilities& abilities, const plan::Bundle& bundle);

}  // namespace castor
