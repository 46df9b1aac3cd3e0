// SQL values as JSON: JsonGenerateUtils. Scalars one by one, nested values a column at a time.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "column/column.h"

namespace castor::expr {

// Value `row` of a flat or constant column.
template <typename T>
const T& At(const Column& column, int32_t row) {
  return column.values<T>()[column.is_constant() ? 0 : row];
}

// Appends value `row` of a flat or constant column, not NULL, as JSON.
struct AppendJson {
  void (*call)(const Column& column, int32_t row, std::string* out) = nullptr;
};

// Nothing to call: not a scalar, or one that JSON has no form for.
AppendJson ScalarAsJson(const LogicalType& type);

// Whether values of a type, all that is in them included, can be JSON.
bool HasJsonForm(const LogicalType& type);

// The first `count` values of a column as JSON, in a flat STRING column; NULL of NULL, but null
// inside a value. A NULL key of a map is an error.
Result<ColumnPtr> JsonTexts(const ColumnPtr& column, int32_t count);

// Members of an object with their values as JSON: in the order of their keys; of equal keys the
// last one counts.
void AppendJsonObject(std::vector<std::pair<std::string_view, std::string_view>>* members,
                      std::string* out);

}  // namespace castor::expr
