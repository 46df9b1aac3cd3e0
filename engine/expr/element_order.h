// Equality and order of list elements as functors, so that one loop serves every type of element.
#pragma once

#include <cmath>
#include <utility>

#include "expr/string_compare.h"
#include "expr/value_equality.h"

namespace castor::expr {

// Calls `visit(equal)` with `equal(i, j)`: whether row i of `a` equals row j of `b` by `=`. Neither
// is NULL; both columns are flat or constant, of interoperable types.
template <typename Visit>
decltype(auto) WithEquality(const Column& a, const Column& b, Visit&& visit) {
  if (a.physical() == PhysicalType::kRow || a.physical() == PhysicalType::kList) {
    return visit([&a, &b](int32_t i, int32_t j) { return EqualValues(a, i, b, j); });
  }
  return DispatchPhysical(a.physical(), [&]<typename T>() -> decltype(auto) {
    const T* x = a.values<T>();
    const T* y = b.values<T>();
    return visit([x, y](int32_t i, int32_t j) { return x[i] == y[j]; });
  });
}

template <typename T>
struct HashedFloats {
  const T* values;
  bool operator()(int32_t i, int32_t j) const {
    return values[i] == values[j] && std::signbit(values[i]) == std::signbit(values[j]);
  }
};

// The same within one column, where Flink looks values up by hash first: 0.0 and -0.0 are then not
// equal.
template <typename Visit>
decltype(auto) WithHashedEquality(const Column& a, Visit&& visit) {
  if (a.physical() == PhysicalType::kDouble) return visit(HashedFloats<double>{a.values<double>()});
  if (a.physical() == PhysicalType::kFloat) return visit(HashedFloats<float>{a.values<float>()});
  return WithEquality(a, a, visit);
}

// Calls `visit(greater)` with `greater(i, j)`: whether row i of the scalar column is > row j.
template <typename Visit>
decltype(auto) WithOrder(const Column& column, Visit&& visit) {
  return DispatchPhysical(column.physical(), [&]<typename T>() -> decltype(auto) {
    const T* values = column.values<T>();
    return visit([values](int32_t i, int32_t j) {
      if constexpr (std::is_same_v<T, StringRef>) {
        return CompareStrings(values[i], values[j]) > 0;
      } else {
        return values[i] > values[j];
      }
    });
  });
}

}  // namespace castor::expr
