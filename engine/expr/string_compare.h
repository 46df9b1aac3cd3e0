// Order of BinaryStringData and of binary values: by unsigned bytes, a prefix before what it is one
// of.
#pragma once

#include <algorithm>
#include <cstring>

#include "column/string_ref.h"

namespace castor::expr {

inline int CompareStrings(const StringRef& a, const StringRef& b) {
  const uint32_t size = std::min(a.size(), b.size());
  const int order = size == 0 ? 0 : std::memcmp(a.data(), b.data(), size);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : static_cast<int>(a.size() > b.size());
}

}  // namespace castor::expr
