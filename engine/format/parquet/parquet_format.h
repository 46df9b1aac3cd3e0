// Registers the format `parquet`.
#pragma once

#include "format/api/format.h"

namespace castor::format::parquet {

void RegisterParquet(FormatRegistry* registry);

}  // namespace castor::format::parquet
