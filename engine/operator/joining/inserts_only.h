// A guard of joins that cannot take rows back, as Flink's cannot.
#pragma once

#include <string_view>

#include "base/status.h"
#include "column/batch.h"

namespace castor::joining {

// `name`: "a window join". An update or delete is a fault of the plan, not of the data.
Status CheckInsertsOnly(const Batch& batch, std::string_view name);

}  // namespace castor::joining
