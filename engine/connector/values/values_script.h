// What a `values` source emits: its rows, with watermarks and pauses between them.
//
// Parsed whole before the job starts; immutable and shared by readers afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "column/batch.h"

namespace castor::connector::values {

struct ValuesItem {
  enum class Kind : uint8_t { kRow, kWatermark, kPause };
  Kind kind;
  int64_t value = 0;  // number of the row, watermark, or milliseconds
};

struct ValuesScript {
  std::vector<ValuesItem> items;
  Batch rows;  // all of them, with their kinds

  // Leaves only some rows: those with these ascending numbers.
  void Keep(const std::vector<int32_t>& kept);

  // `watermark_type` is the type of timestamps in @watermark marks; the NULL type: none may stand
  // there. `kinds` are the row kinds that may occur. Errors name the line.
  static Result<ValuesScript> Parse(std::string_view text, const LogicalType& row,
                                    const LogicalType& watermark_type,
                                    const std::vector<RowKind>& kinds);
};

// Reads a list like "I,UB,UA,D".
Result<std::vector<RowKind>> ParseRowKinds(std::string_view text);

}  // namespace castor::connector::values
