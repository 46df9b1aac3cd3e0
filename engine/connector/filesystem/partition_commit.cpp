#include "connector/filesystem/partition_commit.h"

#include <date/tz.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "connector/filesystem/partition_path.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/api/option_reader.h"

namespace castor::connector::filesystem {
namespace {

constexpr int64_t kMillisPerSecond = 1'000;
constexpr int64_t kSecondsPerDay = 86'400;

// Reads the parts of a timestamp, each a number between the delimiters that are asked for.
class Parts {
 public:
  explicit Parts(std::string_view text) : rest_(text) {}

  bool Number(size_t max_digits, int64_t* value) {
    size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') ++digits;
    if (digits == 0 || digits > max_digits) return false;
    *value = 0;
    for (size_t i = 0; i < digits; ++i) *value = *value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(digits);
    return true;
  }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// "yyyy-[m]m-[d]d" and, if there is more, " [h]h:[m]m:[s]s" and a fraction; a month 13 runs on into
// the next year. Fractions are below the milliseconds that count here or cut off.
std::optional<int64_t> ParseLocalMillis(std::string_view text) {
  Parts parts(text);
  int64_t year, month, day, hour = 0, minute = 0, second = 0, millis = 0;
  if (!parts.Number(10, &year) || !parts.Take('-') || !parts.Number(2, &month) ||
      !parts.Take('-') || !parts.Number(2, &day)) {
    return std::nullopt;
  }
  if (!parts.at_end()) {
    if (!parts.Take(' ') || !parts.Number(2, &hour) || !parts.Take(':') ||
        !parts.Number(2, &minute) || !parts.Take(':') || !parts.Number(2, &second)) {
      return std::nullopt;
    }
    if (parts.Take('.')) {
      const size_t point = text.rfind('.');
      int64_t fraction;
      if (!parts.Number(9, &fraction)) return std::nullopt;
      const std::string digits = std::string(text.substr(point + 1)) + "000";
      format::ParseJavaInteger(digits.substr(0, 3), 0, 999, &millis);
    }
  }
  if (!parts.at_end()) return std::nullopt;
  const int64_t months = year * 12 + month - 1;
  const int64_t days = format::DaysFromCivil(months / 12, static_cast<int32_t>(months % 12 + 1), 1);
  const int64_t seconds = (days + day - 1) * kSecondsPerDay + hour * 3'600 + minute * 60 + second;
  return seconds * kMillisPerSecond + millis;
}

// "GMT+01:00" and the like, in seconds.
std::optional<int64_t> FixedOffset(std::string_view zone) {
  if (!zone.starts_with("GMT") || zone.size() < 5) return std::nullopt;
  const bool negative = zone[3] == '-';
  if (!negative && zone[3] != '+') return std::nullopt;
  Parts parts(zone.substr(4));
  int64_t hours, minutes = 0;
  if (!parts.Number(2, &hours) || hours > 18) return std::nullopt;
  if (parts.Take(':') && !parts.Number(2, &minutes)) return std::nullopt;
  if (!parts.at_end() || minutes > 59) return std::nullopt;
  const int64_t offset = hours * 3'600 + minutes * 60;
  return negative ? -offset : offset;
}

bool IsUtc(const std::string& zone) { return zone == "UTC" || zone == "GMT" || zone == "Etc/UTC"; }

bool IsTimeZone(const std::string& zone) {
  if (IsUtc(zone) || FixedOffset(zone)) return true;
  try {
    return date::locate_zone(zone) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

// As LocalDateTime.atZone: of a repeated hour the first, a skipped one moves on.
TimestampMs ToInstant(int64_t local_millis, const std::string& zone) {
  if (IsUtc(zone)) return local_millis;
  if (const auto offset = FixedOffset(zone)) return local_millis - *offset * kMillisPerSecond;
  const auto local =
      date::local_time<std::chrono::milliseconds>(std::chrono::milliseconds(local_millis));
  const date::local_info info =
      date::locate_zone(zone)->get_info(std::chrono::time_point_cast<std::chrono::seconds>(local));
  return local_millis - info.first.offset.count() * kMillisPerSecond;
}

void CheckPolicies(const std::string& policies, format::OptionReader* reader) {
  const std::string key = "sink.partition-commit.policy.kind";
  for (size_t from = 0; from <= policies.size();) {
    const size_t comma = std::min(policies.find(',', from), policies.size());
    const std::string policy = policies.substr(from, comma - from);
    from = comma + 1;
    if (policy == "success-file") continue;
    if (policy == "metastore") {
      reader->Refuse(key, "'metastore' is for Hive tables; file system tables take 'success-file'");
    } else if (policy == "custom") {
      reader->Refuse(key,
                     "'custom' needs a Java class, which is not supported; take 'success-file'");
    } else {
      reader->Refuse(key, "'" + policy + "' is no policy; there is 'success-file'");
    }
  }
}

}  // namespace

Result<PartitionCommitOptions> PartitionCommitOptions::Parse(const plan::Table& table) {
  format::OptionReader reader("", table.options);
  PartitionCommitOptions options;
  options.time_zone = reader.String("sink.partition-commit.watermark-time-zone", "UTC");
  if (!IsTimeZone(options.time_zone)) {
    reader.Refuse(
        "sink.partition-commit.watermark-time-zone",
        "'" + options.time_zone +
            "' is no time zone; give a name such as 'America/Los_Angeles', an offset such "
            "as 'GMT-08:00', or 'UTC'");
  }
  const auto policies = reader.Find("sink.partition-commit.policy.kind");
  if (policies) CheckPolicies(*policies, &reader);
  options.enabled = policies && !table.partition_keys.empty();
  options.by_partition_time = reader.Choice("sink.partition-commit.trigger", "process-time",
                                            {"process-time", "partition-time"}) == "partition-time";
  options.delay_ms = reader.DurationMs("sink.partition-commit.delay", 0);
  options.success_file = reader.String("sink.partition-commit.success-file.name", "_SUCCESS");
  options.pattern = reader.String("partition.time-extractor.timestamp-pattern", "");
  if (options.enabled && options.by_partition_time) {
    if (reader.String("partition.time-extractor.kind", "default") != "default") {
      reader.Refuse("partition.time-extractor.kind",
                    "only 'default' is supported: others need a Java class");
    }
    if (reader.Find("partition.time-extractor.timestamp-formatter")) {
      reader.Refuse("partition.time-extractor.timestamp-formatter",
                    "Java date patterns are not supported; let 'timestamp-pattern' put together "
                    "'yyyy-mm-dd hh:mm:ss'");
    }
  }
  CASTOR_RETURN_NOT_OK(reader.first_error());
  return options;
}

Result<TimestampMs> PartitionCommitOptions::PartitionTime(std::string_view partition) const {
  std::string text = pattern;
  // In the order of the keys, as they stand in the path.
  for (const auto& [key, value] : ReadPartitionLevels(partition)) {
    if (pattern.empty()) {
      text = value;
      break;
    }
    const std::string name = "$" + key;
    for (size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  const auto millis = ParseLocalMillis(text);
  if (!millis) {
    return Status::InvalidArgument(
        "partition '" + std::string(partition) + "': '" + text +
        "' is no timestamp as 'yyyy-mm-dd hh:mm:ss'; option "
        "'partition.time-extractor.timestamp-pattern' says how to put one together");
  }
  return ToInstant(*millis, time_zone);
}

Result<bool> PartitionCommitOptions::IsDue(std::string_view partition, TimestampMs created,
                                           TimestampMs watermark, TimestampMs now) const {
  if (!by_partition_time) return delay_ms == 0 || now > created + delay_ms;
  CASTOR_ASSIGN_OR_RETURN(const TimestampMs time, PartitionTime(partition));
  return watermark > time + delay_ms;
}

nlohmann::json PartitionReport::ToJson() const {
  return {{"subtask", subtask},
          {"parallelism", parallelism},
          {"watermark", watermark},
          {"partitions", pending},
          {"open", open}};
}

std::string PartitionReport::ToText() const {
  return ToJson().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool PartitionReport::FromText(std::string_view text, PartitionReport* report) {
  return FromJson(nlohmann::json::parse(text, nullptr, false), report);
}

bool PartitionReport::FromJson(const nlohmann::json& json, PartitionReport* report) {
  if (!json.is_object() || !json.contains("partitions") || !json["partitions"].is_object()) {
    return false;
  }
  for (const char* number : {"subtask", "parallelism", "watermark"}) {
    if (json.contains(number) && !json[number].is_number_integer()) return false;
  }
  report->subtask = json.value("subtask", 0);
  report->parallelism = json.value("parallelism", 1);
  report->watermark = json.value("watermark", kMinTimestamp);
  report->pending.clear();
  for (const auto& [partition, created] : json["partitions"].items()) {
    if (created.is_number_integer()) report->pending[partition] = created.get<TimestampMs>();
  }
  report->open.clear();
  if (!json.contains("open")) return true;  // by a version that closed all files
  for (const nlohmann::json& partition : json["open"]) {
    if (partition.is_string()) report->open.insert(partition.get<std::string>());
  }
  return true;
}

}  // namespace castor::connector::filesystem
