// The order in which a java.util.HashMap with strings for keys is walked, which Flink's results
// show: by the bucket of a key's hash, and in the order of insertion in a bucket. (Java makes a
// tree of a bucket with more than eight keys; that order is not reproduced.)
//
// Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace castor::expr {

// The positions of distinct `keys` (UTF-8), which were put in this order into a map that
// CollectionUtil.newHashMapWithExpectedSize(`expected`) made; not more than expected.
std::vector<int32_t> JavaHashOrder(std::span<const std::string_view> keys, int32_t expected);

}  // namespace castor::expr
