#include "expr/java_hash_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "expr/utf16.h"

namespace castor::expr {
namespace {

// HashMap.hash of a String.
uint32_t HashOf(std::string_view key) {
  uint32_t hash = 0;
  for (const char16_t unit : ToUtf16(key)) hash = 31 * hash + unit;
  return hash ^ hash >> 16;
}

// CollectionUtil.computeRequiredCapacity, brought to a power of two by HashMap.
uint32_t Buckets(int32_t expected) {
  if (expected <= 2) return std::bit_ceil(static_cast<uint32_t>(expected) + 1);
  return std::bit_ceil(static_cast<uint32_t>(std::ceil(static_cast<float>(expected) / 0.75f)));
}

}  // namespace

std::vector<int32_t> JavaHashOrder(std::span<const std::string_view> keys, int32_t expected) {
  const uint32_t mask = Buckets(expected) - 1;
  std::vector<uint32_t> buckets;
  for (const std::string_view key : keys) buckets.push_back(HashOf(key) & mask);
  std::vector<int32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int32_t i) { return buckets[static_cast<size_t>(i)]; });
  return order;
}

}  // namespace castor::expr
