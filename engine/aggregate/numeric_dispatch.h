// Picks the C++ type of a numeric argument; private to the function families.
#pragma once

#include <memory>

#include "aggregate/function.h"
#include "column/column.h"

namespace castor::aggregate {

// Calls `make.template operator()<T>()` for a numeric type; nullptr for any other.
template <typename F>
std::unique_ptr<Function> DispatchNumeric(const LogicalType& type, F&& make) {
  switch (type.kind()) {
    case TypeKind::kTinyInt:
      return make.template operator()<int8_t>();
    case TypeKind::kSmallInt:
      return make.template operator()<int16_t>();
    case TypeKind::kInteger:
      return make.template operator()<int32_t>();
    case TypeKind::kBigInt:
      return make.template operator()<int64_t>();
    case TypeKind::kFloat:
      return make.template operator()<float>();
    case TypeKind::kDouble:
      return make.template operator()<double>();
    case TypeKind::kDecimal:
      return make.template operator()<int128_t>();
    default:
      return nullptr;
  }
}

}  // namespace castor::aggregate
