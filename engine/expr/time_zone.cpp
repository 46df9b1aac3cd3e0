#include "expr/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "expr/date_time.h"

namespace castor::expr {
namespace {

constexpr int64_t kNever = INT64_MAX;

// zoneinfo files list changes up to 2037 and leave the years after to a rule that the library does
// not read. A zone's rule goes by weekdays, so those years are as one before 2038 with the same
// weekdays.
constexpr int64_t kLastListedYear = 2037;
constexpr int64_t kFirstUsedYear = 2027;

date::sys_seconds SecondsOf(int64_t millis) {
  return date::sys_seconds(std::chrono::seconds(FloorDiv(millis, 1000)));
}

// Milliseconds to go back from a year after 2037 to its stand-in; 0 for other years.
int64_t StandInShift(int64_t millis) {
  const int64_t year = CivilFromDays(FloorDiv(millis, kMillisPerDay)).year;
  if (year <= kLastListedYear) return 0;
  const int64_t march = DaysFromCivil(year, 3, 1);
  for (int64_t stand_in = kLastListedYear; stand_in >= kFirstUsedYear; --stand_in) {
    const int64_t days = march - DaysFromCivil(stand_in, 3, 1);
    if (days % 7 == 0) return days * kMillisPerDay;
  }
  return 0;
}

struct Period {
  int64_t begin;
  int64_t end;
  int64_t offset;
};

Period PeriodAt(const date::time_zone& zone, int64_t utc_millis) {
  const auto read = [&zone](int64_t millis) { return zone.get_info(SecondsOf(millis)); };
  date::sys_info info = read(utc_millis);
  int64_t shift = 0;
  // No further change for thousands of years: does the zone still change its clocks?
  if (info.end.time_since_epoch().count() > 1LL << 36) {
    shift = StandInShift(utc_millis);
    if (shift != 0) info = read(utc_millis - shift);
  }
  const auto bounded = [](date::sys_seconds time) {
    constexpr int64_t kLimit = INT64_MAX / 4000;
    return std::clamp<int64_t>(time.time_since_epoch().count(), -kLimit, kLimit) * 1000;
  };
  if (shift != 0 && bounded(info.end) > utc_millis + kMillisPerDay * 366 * 30) shift = 0;
  Period period{bounded(info.begin) + shift, bounded(info.end) + shift,
                std::chrono::milliseconds(info.offset).count()};
  if (shift != 0) {  // a stand-in tells about its own year only
    period.begin = std::max(period.begin, utc_millis - kMillisPerDay);
    period.end = std::min(period.end, utc_millis + kMillisPerDay);
  }
  return period;
}

// "+08:00", "-3", "+0530": hours, and minutes if there are any.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int64_t sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c != ':' || digits.empty() || digits.size() > 2) {
      return std::nullopt;
    }
  }
  if (text.find(':') != std::string_view::npos && text.size() - text.find(':') != 3) {
    return std::nullopt;
  }
  if (digits.size() > 4) return std::nullopt;
  if (digits.size() % 2 == 1) digits.insert(0, "0");
  digits.resize(4, '0');
  const int64_t hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int64_t minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * kMillisPerHour + minutes * kMillisPerMinute);
}

std::optional<int64_t> FixedOffset(std::string_view id) {
  if (id == "UTC" || id == "GMT" || id == "Z" || id == "UT") return 0;
  for (const std::string_view prefix : {"GMT", "UTC", "UT"}) {
    if (id.starts_with(prefix)) return ParseOffset(id.substr(prefix.size()));
  }
  return ParseOffset(id);
}

const date::time_zone* Locate(std::string_view id) {
  try {
    return id == "default" ? date::current_zone() : date::locate_zone(std::string(id));
  } catch (const std::exception&) {
    return nullptr;
  }
}

// java.time.ZoneId.SHORT_IDS, which java.util.TimeZone knows too.
constexpr std::pair<std::string_view, std::string_view> kShortIds[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

}  // namespace

Result<ZoneClock> ZoneClock::Find(std::string_view id) {
  ZoneClock clock;
  if (const auto offset = FixedOffset(id)) {
    clock.fixed_offset_ = *offset;
    return clock;
  }
  clock.zone_ = Locate(id);
  if (clock.zone_ != nullptr) return clock;
  return Status::InvalidArgument("time zone '" + std::string(id) +
                                 "' is not known; use a name such as 'Europe/Berlin' or an offset "
                                 "such as 'GMT+08:00'");
}

ZoneClock ZoneClock::FindLenient(std::string_view id) {
  ZoneClock clock;
  for (const auto& [short_id, name] : kShortIds) {
    if (id == short_id) clock.zone_ = Locate(name);
  }
  if (clock.zone_ != nullptr) return clock;
  // Of offsets, java.util.TimeZone takes the form with GMT only.
  if (id.starts_with("GMT")) {
    clock.fixed_offset_ = FixedOffset(id).value_or(0);
  } else if (id != "default") {
    clock.zone_ = Locate(id);
  }
  return clock;
}

void ZoneClock::Lookup(int64_t utc_millis) const {
  if (zone_ == nullptr) {
    begin_ = INT64_MIN;
    end_ = kNever;
    offset_ = fixed_offset_;
    return;
  }
  const Period period = PeriodAt(*zone_, utc_millis);
  begin_ = period.begin;
  end_ = period.end;
  offset_ = period.offset;
}

int64_t ZoneClock::ToUtc(int64_t local_millis) const {
  // Offsets are less than a day: the one a day before tells the earlier reading of the clock.
  const int64_t before = OffsetAt(local_millis - kMillisPerDay);
  const int64_t early = local_millis - before;
  if (OffsetAt(early) == before) return early;
  const int64_t after = OffsetAt(local_millis + kMillisPerDay);
  const int64_t late = local_millis - after;
  return OffsetAt(late) == after ? late : early;  // neither: a gap
}

int64_t ZoneClock::CalendarOffsetAt(int64_t utc_millis) const {
  constexpr int64_t kYear1900 = -2208988800000;
  if (utc_millis >= kYear1900 || zone_ == nullptr) return OffsetAt(utc_millis);
  constexpr int64_t kRecent = 1735689600000;
  const date::sys_info info = zone_->get_info(SecondsOf(kRecent));
  return std::chrono::milliseconds(info.offset - info.save).count();
}

int64_t ZoneClock::ToUtcByCalendar(int64_t local_millis) const {
  const int64_t after = CalendarOffsetAt(local_millis + kMillisPerDay);
  const int64_t late = local_millis - after;
  if (CalendarOffsetAt(late) == after) return late;
  return local_millis - CalendarOffsetAt(local_millis - kMillisPerDay);
}

}  // namespace castor::expr
