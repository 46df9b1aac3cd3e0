// Registers the format `raw`.
#pragma once

#include "format/api/format.h"

namespace castor::format::raw {

void RegisterRaw(FormatRegistry* registry);

}  // namespace castor::format::raw
