// Timestamps between our ticks and the two forms that Parquet files hold: INT96 (Julian day and
// nanoseconds of the day) and INT64 in the unit of its annotation.
//
// After Flink's TimestampColumnReader and ParquetRowDataWriter; finer digits than the target has
// are cut off downwards. Unlike there, INT64 instants before 1970 with a fraction are read, not
// refused. One thread at a time.
#pragma once

#include <cstdint>
#include <utility>

#include "format/parquet/local_time.h"
#include "format/parquet/parquet_options.h"

namespace castor::format::parquet {

// The twelve bytes of an INT96, as two little-endian numbers.
struct Int96Parts {
  int64_t nanos_of_day;
  int32_t julian_day;
};

class TimestampCodec {
 public:
  // `ticks_per_second`: of our side; `unit`: of INT64 in the file.
  TimestampCodec(int64_t ticks_per_second, TimestampUnit unit, LocalTime zone);

  int64_t FromInt96(const Int96Parts& value) { return Join(SplitInt96(value)); }
  int64_t FromInt64(int64_t value);
  Int96Parts ToInt96(int64_t ticks);
  int64_t ToInt64(int64_t ticks);
  // Whether a value did not fit 64 bits of the target's ticks since this was asked last.
  bool TakeOverflow() { return std::exchange(overflow_, false); }

 private:
  struct Parts {
    int64_t seconds;  // rounded down
    int64_t nanos;    // of the second
  };
  static Parts SplitInt96(const Int96Parts& value);
  Parts Split(int64_t ticks) const;
  int64_t Join(Parts instant);
  int64_t Scale(int64_t seconds, int64_t ticks_per_second, int64_t rest);

  const int64_t ticks_per_second_;
  const int64_t nanos_per_tick_;
  const int64_t file_ticks_per_second_;
  LocalTime zone_;
  bool overflow_ = false;
};

}  // namespace castor::format::parquet
