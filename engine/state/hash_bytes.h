// A hash of bytes that never leaves the process: unlike Flink's, it may be any, and is a fast one.
#pragma once

#include <cstdint>
#include <string_view>

namespace castor::state {

uint32_t HashBytes(std::string_view bytes);

}  // namespace castor::state
