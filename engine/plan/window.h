// Windows of window table functions and window aggregates (Flink's WindowSpec and
// WindowingStrategy). All durations are in milliseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "column/logical_type.h"

namespace castor::plan {

struct WindowSpec {
  enum class Kind : uint8_t { kTumbling, kHopping, kCumulative, kSession };
  Kind kind = Kind::kTumbling;
  int64_t size_ms = 0;   // of cumulative windows the largest one's
  int64_t slide_ms = 0;  // of hopping windows; the step of cumulative ones
  int64_t offset_ms = 0;
  int64_t gap_ms = 0;                   // of session windows
  std::vector<int32_t> partition_keys;  // of session windows in a table function

  std::string ToString() const;
};

struct WindowingStrategy {
  // Where the window of a row comes from: computed from a time attribute, or attached to the row as
  // the fields window start and end (by a window table function) or slice end (by a local
  // aggregate).
  enum class Kind : uint8_t { kTimeAttribute, kWindowAttached, kSliceAttached };
  Kind kind = Kind::kTimeAttribute;
  WindowSpec window;
  LogicalType time_attribute_type;
  bool is_rowtime = true;
  int32_t time_attribute = -1;  // field, of kTimeAttribute
  int32_t window_start = -1;    // fields, of kWindowAttached; the start may be missing (-1)
  int32_t window_end = -1;
  int32_t slice_end = -1;  // field, of kSliceAttached

  std::string ToString() const;
};

// A column that a window aggregate adds after keys and aggregates.
struct WindowProperty {
  enum class Kind : uint8_t { kStart, kEnd, kRowtime, kProctime };
  std::string name;
  Kind kind = Kind::kStart;
};

}  // namespace castor::plan
