// Makes the values of one column of a `datagen` table.
//
// The value in row i depends on seed and i alone. Immutable after Make; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "column/column.h"
#include "format/api/option_reader.h"

namespace castor::connector::datagen {

// Rows first, first + step, ... of the whole source.
struct RowRange {
  int64_t first = 0;
  int64_t step = 1;
  int32_t count = 0;
  uint64_t seed = 0;
  TimestampMs now = 0;

  int64_t row(int32_t i) const { return first + step * i; }
};

class ColumnGenerator {
 public:
  virtual ~ColumnGenerator() = default;
  virtual ColumnPtr Generate(const RowRange& rows) const = 0;
  // How many rows it can give before the source ends (a sequence), or INT64_MAX.
  virtual int64_t row_limit() const { return INT64_MAX; }
};

// `name` is that of the options "fields.<name>.kind" and so on; nested fields of a ROW are
// "<name>.<field>", elements of an ARRAY or MULTISET "<name>.element", keys and values of a MAP
// "<name>.key" and "<name>.value". `reader` reads those below "fields". `salt` tells columns apart.
// Errors name the option, or the column whose type cannot be generated.
Result<std::unique_ptr<ColumnGenerator>> MakeColumnGenerator(const std::string& name,
                                                             const LogicalType& type, uint64_t salt,
                                                             format::OptionReader* reader);

}  // namespace castor::connector::datagen
