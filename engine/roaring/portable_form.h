// What a set's bytes in Roaring's portable format say without reading the set
// (https://github.com/RoaringBitmap/RoaringFormatSpec). Of bytes that are known to be good. Pure
// functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace castor::roaring {

uint64_t CardinalityOf(std::string_view bytes);

// Whether a container is a run although it would be as small as an array.
bool HasTiedRun(std::string_view bytes);

}  // namespace castor::roaring
