// Instants into timestamp columns. Those of more than six digits count nanoseconds in 64 bits and
// reach from 1677-09-21 to 2262-04-11, where Flink's hold all years: a value beyond is refused by
// name, also where an error would be NULL, since the value is right.
#pragma once

#include <cstdint>
#include <string>

#include "expr/date_time.h"
#include "expr/row_function.h"
#include "expr/time_text.h"

namespace castor::expr {

inline bool ToTicks(RowScope& scope, const Instant& instant, int64_t ticks_per_second,
                    int64_t* out) {
  if (InstantToTicks(instant, ticks_per_second, out)) [[likely]]
    return true;
  return scope.Refuse([&] {
    char text[kMaxTimeText];
    const char* end = WriteTimestamp(instant, 9, text);
    return "timestamp " + std::string(text, static_cast<size_t>(end - text)) +
           " is not supported with more than 6 digits of a second: nanoseconds reach from 1677 to "
           "2262";
  });
}

}  // namespace castor::expr
