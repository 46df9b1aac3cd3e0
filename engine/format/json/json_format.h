// Registers the format `json`.
#pragma once

#include "format/api/format.h"

namespace castor::format::json {

void RegisterJson(FormatRegistry* registry);

}  // namespace castor::format::json
