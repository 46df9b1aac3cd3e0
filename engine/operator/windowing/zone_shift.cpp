#include "operator/windowing/zone_shift.h"

#include <date/tz.h>

#include <charconv>
#include <exception>
#include <optional>
#include <string_view>

namespace castor::windowing {
namespace {

constexpr int64_t kHourMs = 3'600'000;

using Ms = std::chrono::milliseconds;

int64_t OffsetMs(const date::sys_info& info) {
  return std::chrono::duration_cast<Ms>(info.offset).count();
}

// java.util.TimeZone.useDaylightTime: whether the rules that are valid last have daylight saving
// time. Countries that have given it up have it in no year to come.
bool SavesDaylight(const date::time_zone& zone) {
  using namespace date::literals;
  for (const auto day : {2035_y / 1 / 15, 2035_y / 7 / 15}) {
    if (zone.get_info(date::sys_days(day)).save != std::chrono::minutes(0)) return true;
  }
  return false;
}

// "GMT+3" or "GMT-03:30", the fixed offsets that Flink takes.
std::optional<int64_t> FixedOffsetMs(std::string_view zone) {
  if (!zone.starts_with("GMT") || zone.size() < 5) return std::nullopt;
  const bool behind = zone[3] == '-';
  if (!behind && zone[3] != '+') return std::nullopt;
  const char* const end = zone.data() + zone.size();
  int hours = 0;
  int minutes = 0;
  const auto [at, bad_hours] = std::from_chars(zone.data() + 4, end, hours);
  if (bad_hours != std::errc() || hours < 0 || hours > 18) return std::nullopt;
  if (at != end) {
    if (*at != ':' || end - at != 3) return std::nullopt;
    const auto [stop, bad_minutes] = std::from_chars(at + 1, end, minutes);
    if (bad_minutes != std::errc() || stop != end || minutes < 0 || minutes > 59) {
      return std::nullopt;
    }
  }
  const int64_t offset = hours * kHourMs + minutes * 60'000;
  return behind ? -offset : offset;
}

}  // namespace

Result<ZoneShift> ZoneShift::OfTimes(const LogicalType& time_attribute_type,
                                     const Configuration& configuration) {
  if (time_attribute_type.kind() != TypeKind::kTimestampLtz) return ZoneShift();
  return Of(configuration.GetString("table.local-time-zone", "default"));
}

Result<ZoneShift> ZoneShift::Of(const std::string& zone) {
  ZoneShift shift;
  if (zone == "UTC" || zone == "Z" || zone == "Etc/UTC") return shift;
  if (const std::optional<int64_t> offset = FixedOffsetMs(zone)) {
    shift.offset_ms_ = *offset;
    shift.valid_from_ = kMinTimestamp;
    shift.valid_to_ = kMaxWatermark;
    return shift;
  }
  try {
    shift.zone_ = zone == "default" ? date::current_zone() : date::locate_zone(zone);
  } catch (const std::exception&) {
    return Status::InvalidArgument("option 'table.local-time-zone': unknown time zone '" + zone +
                                   "'; write it like 'Europe/Berlin', 'GMT+03:00' or 'UTC'");
  }
  const std::string& name = shift.zone_->name();
  if (name == "UTC" || name == "Etc/UTC") {
    shift.zone_ = nullptr;
  } else {
    shift.saves_daylight_ = SavesDaylight(*shift.zone_);
  }
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
  if (zone_ == nullptr) return wall - offset_ms_;
  // `first` is the offset before the change, for gaps as for overlaps, as in Java's
  // LocalDateTime.atZone.
  return wall - OffsetMs(zone_->get_info(date::local_time<Ms>(Ms(wall))).first);
}

TimestampMs ZoneShift::ToTimer(TimestampMs wall) const {
  if (identity() || wall == kMaxWatermark) return wall;
  const TimestampMs first = ToInstant(wall);
  if (!saves_daylight_) return first;
  const TimestampMs hour_later = ToInstant(wall + kHourMs);
  if (hour_later - first > kHourMs) return first + kHourMs;
  if (hour_later == first) return first - first % kHourMs;
  return first;
}

}  // namespace castor::windowing
