// Registers the format `csv`.
#pragma once

#include "format/api/format.h"

namespace castor::format::csv {

void RegisterCsv(FormatRegistry* registry);

}  // namespace castor::format::csv
