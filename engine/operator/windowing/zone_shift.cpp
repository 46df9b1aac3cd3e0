#include "operator/windowing/zone_shift.h"

#include <date/tz.h>

#include <exception>

namespace castor::windowing {
namespace {

constexpr int64_t kHourMs = 3'600'000;

using Ms = std::chrono::milliseconds;

int64_t OffsetMs(const date::sys_info& info) {
  return std::chrono::duration_cast<Ms>(info.offset).count();
}

}  // namespace

Result<ZoneShift> ZoneShift::Of(const std::string& zone) {
  ZoneShift shift;
  if (zone == "UTC" || zone == "Z" || zone == "Etc/UTC") return shift;
  try {
    shift.zone_ = zone == "default" ? date::current_zone() : date::locate_zone(zone);
  } catch (const std::exception&) {
    return Status::InvalidArgument("option 'table.local-time-zone': unknown time zone '" + zone +
                                   "'; write it like 'Europe/Berlin' or 'UTC'");
  }
  const std::string& name = shift.zone_->name();
  if (name == "UTC" || name == "Etc/UTC") shift.zone_ = nullptr;
  return shift;
}

TimestampMs ZoneShift::ToWall(TimestampMs instant) {
  if (identity() || instant == kMaxWatermark) return instant;
  if (instant < valid_from_ || instant >= valid_to_) {
    const date::sys_info info = zone_->get_info(date::sys_time<Ms>(Ms(instant)));
    valid_from_ = std::chrono::duration_cast<Ms>(info.begin.time_since_epoch()).count();
    valid_to_ = std::chrono::duration_cast<Ms>(info.end.time_since_epoch()).count();
    offset_ms_ = OffsetMs(info);
  }
  return instant + offset_ms_;
}

TimestampMs ZoneShift::ToInstant(TimestampMs wall) const {
  if (identity() || wall == kMaxWatermark) return wall;
  // `first` is the offset before the change, for gaps as for overlaps, as in Java's
  // LocalDateTime.atZone.
  return wall - OffsetMs(zone_->get_info(date::local_time<Ms>(Ms(wall))).first);
}

TimestampMs ZoneShift::ToTimer(TimestampMs wall) const {
  if (identity() || wall == kMaxWatermark) return wall;
  const TimestampMs first = ToInstant(wall);
  const TimestampMs hour_later = ToInstant(wall + kHourMs);
  if (hour_later - first > kHourMs) return hour_later - kHourMs;
  if (hour_later == first) return first - first % kHourMs;
  return first;
}

}  // namespace castor::windowing
