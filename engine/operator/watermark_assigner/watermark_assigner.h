// stream-exec-watermark-assigner: watermarks from an expression over each row (Flink's
// WatermarkAssignerOperator).
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeWatermarkAssigner(const OperatorArguments& arguments);

}  // namespace castor
