// A hash of bytes that never leaves the process: unlike Flink's, it may be any, and is a fast one.
#pragma once

#include "gemini/memory/hash_bytes.h"

namespace castor::state {

using gemini::HashBytes;

}  // namespace castor::state
