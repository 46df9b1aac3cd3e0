// A place in the user's SQL script, 1-based; 0 where it is not known.
#pragma once

#include <cstdint>

namespace castor::plan {

struct SourcePosition {
  int32_t line = 0;
  int32_t column = 0;
};

}  // namespace castor::plan
