// Equality of two values of any type, one pair at a time: for the elements, keys and fields of
// nested values, where a kernel per physical type does not reach.
//
// As Flink's generated code decides it (ScalarOperatorGens.generateEquals and
// EqualiserCodeGenerator): numbers by ==, so NaN equals nothing; rows by their fields, where NULL
// equals NULL; arrays by their elements, where NULL equals nothing; maps and multisets by their
// entries in any order, keys as Java's equals does, values as elements. Free functions without
// state.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "column/column.h"

namespace castor::expr {

// Whether `=` compares values of the two types as they are (PlannerTypeUtils.isInteroperable), at
// every depth.
bool AreInteroperable(const LogicalType& a, const LogicalType& b);

// Row i of `a` and row j of `b`, neither NULL; both columns flat and of interoperable types.
bool EqualValues(const Column& a, int32_t i, const Column& b, int32_t j);

// As Java's equals, by which its maps and sets tell keys apart: NaN equals NaN, 0.0 is not -0.0.
bool SameKey(const Column& a, int32_t i, const Column& b, int32_t j);

// The C++ form of the two for scalars.
template <typename T>
bool EqualScalars(const T& a, const T& b) {
  return a == b;
}
template <typename T>
bool SameScalars(const T& a, const T& b) {
  if constexpr (std::is_floating_point_v<T>) {
    return (a != a && b != b) || std::memcmp(&a, &b, sizeof(T)) == 0;
  } else {
    return a == b;
  }
}

}  // namespace castor::expr
