#include "format/parquet/timestamp_codec.h"

namespace castor::format::parquet {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kJulianDayOfEpoch = 2'440'588;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t TicksPerSecond(TimestampUnit unit) {
  switch (unit) {
    case TimestampUnit::kMillis:
      return 1'000;
    case TimestampUnit::kMicros:
      return 1'000'000;
    case TimestampUnit::kNanos:
      break;
  }
  return kNanosPerSecond;
}

}  // namespace

TimestampCodec::TimestampCodec(int64_t ticks_per_second, TimestampUnit unit, LocalTime zone)
    : ticks_per_second_(ticks_per_second),
      nanos_per_tick_(kNanosPerSecond / ticks_per_second),
      file_ticks_per_second_(TicksPerSecond(unit)),
      zone_(zone) {}

TimestampCodec::Parts TimestampCodec::SplitInt96(const Int96Parts& value) {
  const int64_t day_seconds = FloorDiv(value.nanos_of_day, kNanosPerSecond);
  return {(value.julian_day - kJulianDayOfEpoch) * kSecondsPerDay + day_seconds,
          value.nanos_of_day - day_seconds * kNanosPerSecond};
}

TimestampCodec::Parts TimestampCodec::Split(int64_t ticks) const {
  const int64_t seconds = FloorDiv(ticks, ticks_per_second_);
  return {seconds, (ticks - seconds * ticks_per_second_) * nanos_per_tick_};
}

int64_t TimestampCodec::Join(Parts instant) {
  const int64_t seconds =
      zone_.is_identity() ? instant.seconds : zone_.FromInstant(instant.seconds);
  return Scale(seconds, ticks_per_second_, instant.nanos / nanos_per_tick_);
}

int64_t TimestampCodec::Scale(int64_t seconds, int64_t ticks_per_second, int64_t rest) {
  int64_t ticks;
  if (__builtin_mul_overflow(seconds, ticks_per_second, &ticks) ||
      __builtin_add_overflow(ticks, rest, &ticks)) {
    overflow_ = true;
    return 0;
  }
  return ticks;
}

int64_t TimestampCodec::FromInt64(int64_t value) {
  const int64_t seconds = FloorDiv(value, file_ticks_per_second_);
  const int64_t nanos_per_file_tick = kNanosPerSecond / file_ticks_per_second_;
  return Join({seconds, (value - seconds * file_ticks_per_second_) * nanos_per_file_tick});
}

Int96Parts TimestampCodec::ToInt96(int64_t ticks) {
  Parts parts = Split(ticks);
  if (!zone_.is_identity()) parts.seconds = zone_.ToInstant(parts.seconds);
  const int64_t days = FloorDiv(parts.seconds, kSecondsPerDay);
  return {(parts.seconds - days * kSecondsPerDay) * kNanosPerSecond + parts.nanos,
          static_cast<int32_t>(days + kJulianDayOfEpoch)};
}

int64_t TimestampCodec::ToInt64(int64_t ticks) {
  Parts parts = Split(ticks);
  if (!zone_.is_identity()) parts.seconds = zone_.ToInstant(parts.seconds);
  const int64_t rest = parts.nanos / (kNanosPerSecond / file_ticks_per_second_);
  return Scale(parts.seconds, file_ticks_per_second_, rest);
}

}  // namespace castor::format::parquet
