// The order of values as Java's Comparable has it (MIN and MAX with retraction): -0.0 before 0.0,
// NaN last; booleans false before true; strings by bytes.
#pragma once

#include <bit>
#include <cmath>
#include <type_traits>

#include "column/logical_type.h"
#include "column/string_ref.h"

namespace castor::aggregate {

// Whether MIN and MAX take arguments of the type.
bool HasOrder(const LogicalType& type);

// Negative, zero or positive as a is before, equal to or after b.
template <typename T>
int CompareValues(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return a.view().compare(b.view());
  } else {
    if (a < b) return -1;
    if (a > b) return 1;
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(a) || std::isnan(b)) return static_cast<int>(std::isnan(a)) - std::isnan(b);
      return static_cast<int>(std::signbit(b)) - static_cast<int>(std::signbit(a));
    }
    return 0;
  }
}

}  // namespace castor::aggregate
