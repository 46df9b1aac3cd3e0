#include "plan/window_reader.h"

#include <charconv>
#include <optional>

#include "plan/type_reader.h"

namespace castor::plan {
namespace {

// A number with up to nine decimals, as milliseconds when it counts `unit_ms`. Duration.toString
// never uses an exponent; finer than milliseconds is not a window's granularity.
std::optional<int64_t> ScaledMs(std::string_view number, int64_t unit_ms) {
  const size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (error != std::errc() || end != whole.data() + whole.size()) return std::nullopt;
  int64_t ms = value * unit_ms;
  if (point == std::string_view::npos) return ms;
  int64_t digit_ms = unit_ms;
  const bool negative = whole.front() == '-';
  for (const char digit : number.substr(point + 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    if (digit != '0' && digit_ms % 10 != 0) return std::nullopt;
    digit_ms /= 10;
    ms += (negative ? -1 : 1) * (digit - '0') * digit_ms;
  }
  return ms;
}

// Flink's windows count days in hours, so Duration.toString knows H, M and S only.
std::optional<int64_t> ParseIsoDuration(std::string_view text) {
  if (!text.starts_with("PT") || text.size() < 4) return std::nullopt;
  int64_t total = 0;
  size_t start = 2;
  while (start < text.size()) {
    const size_t unit = text.find_first_of("HMS", start);
    if (unit == std::string_view::npos || unit == start) return std::nullopt;
    const int64_t unit_ms = text[unit] == 'H' ? 3'600'000 : text[unit] == 'M' ? 60'000 : 1'000;
    const auto part = ScaledMs(text.substr(start, unit - start), unit_ms);
    if (!part) return std::nullopt;
    total += *part;
    start = unit + 1;
  }
  return total;
}

int64_t DurationOrZero(const JsonValue& value) {
  return value.present() ? ReadIsoDurationMs(value) : 0;
}

WindowSpec ReadWindow(const JsonValue& value) {
  JsonObject object(value);
  WindowSpec window;
  const std::string type = object.Get("type").String();
  if (type == "SessionWindow") {
    window.kind = WindowSpec::Kind::kSession;
    window.gap_ms = ReadIsoDurationMs(object.Get("gap"));
    window.partition_keys = object.Find("partition_key_indices").Ints();
    return window;
  }
  window.offset_ms = DurationOrZero(object.Find("offset"));
  if (type == "TumblingWindow") {
    window.kind = WindowSpec::Kind::kTumbling;
    window.size_ms = ReadIsoDurationMs(object.Get("size"));
    window.slide_ms = window.size_ms;
  } else if (type == "HoppingWindow") {
    window.kind = WindowSpec::Kind::kHopping;
    window.size_ms = ReadIsoDurationMs(object.Get("size"));
    window.slide_ms = ReadIsoDurationMs(object.Get("slide"));
  } else if (type == "CumulativeWindow") {
    window.kind = WindowSpec::Kind::kCumulative;
    window.size_ms = ReadIsoDurationMs(object.Get("maxSize"));
    window.slide_ms = ReadIsoDurationMs(object.Get("step"));
  } else {
    value.FailUnsupported("windows of type '" + type + "' are not supported");
  }
  return window;
}

// A tumbling or sliding group window: of time, not of a number of rows.
void ReadGroupWindowSize(const JsonValue& value, JsonObject* object, WindowSpec* window) {
  if (!object->Get("isTimeWindow").Bool()) {
    value.FailUnsupported("windows of a number of rows are not supported");
    return;
  }
  window->size_ms = ReadIsoDurationMs(object->Get("size"));
  window->slide_ms = window->size_ms;
  if (window->kind == WindowSpec::Kind::kTumbling) return;
  window->slide_ms = ReadIsoDurationMs(object->Get("slide"));
}

std::optional<WindowProperty::Kind> PropertyKind(const std::string& name) {
  if (name == "WindowStart") return WindowProperty::Kind::kStart;
  if (name == "WindowEnd") return WindowProperty::Kind::kEnd;
  if (name == "Rowtime") return WindowProperty::Kind::kRowtime;
  if (name == "Proctime") return WindowProperty::Kind::kProctime;
  return std::nullopt;
}

}  // namespace

int64_t ReadIsoDurationMs(const JsonValue& value) {
  const auto ms = ParseIsoDuration(value.String());
  if (!ms) value.FailMalformed("a duration in whole milliseconds such as PT10S");
  return ms.value_or(0);
}

WindowingStrategy ReadWindowing(const JsonValue& value) {
  JsonObject object(value);
  WindowingStrategy windowing;
  windowing.window = ReadWindow(object.Get("window"));
  windowing.time_attribute_type = ReadType(object.Get("timeAttributeType"));
  windowing.is_rowtime = object.Get("isRowtime").Bool();
  const std::string strategy = object.Get("strategy").String();
  if (strategy == "TimeAttribute") {
    windowing.kind = WindowingStrategy::Kind::kTimeAttribute;
    windowing.time_attribute = object.Get("timeAttributeIndex").Int();
  } else if (strategy == "WindowAttached") {
    windowing.kind = WindowingStrategy::Kind::kWindowAttached;
    windowing.window_start = object.Get("windowStart").Int();
    windowing.window_end = object.Get("windowEnd").Int();
  } else if (strategy == "SliceAttached") {
    windowing.kind = WindowingStrategy::Kind::kSliceAttached;
    windowing.slice_end = object.Get("sliceEnd").Int();
  } else {
    value.FailUnsupported("windowing strategy '" + strategy + "' is not supported");
  }
  return windowing;
}

WindowingStrategy ReadGroupWindow(const JsonValue& value) {
  JsonObject object(value);
  object.Ignore({"alias"});
  WindowingStrategy windowing;
  WindowSpec& window = windowing.window;
  JsonObject time(object.Get("timeField"));
  time.Ignore({"fieldName", "inputIndex"});
  windowing.time_attribute = time.Get("fieldIndex").Int();
  windowing.time_attribute_type = ReadType(time.Get("fieldType"));
  windowing.is_rowtime = windowing.time_attribute_type.time_attribute() == TimeAttribute::kRowtime;
  const std::string kind = object.Get("kind").String();
  if (kind == "SESSION") {
    window.kind = WindowSpec::Kind::kSession;
    window.gap_ms = ReadIsoDurationMs(object.Get("gap"));
  } else if (kind == "TUMBLING" || kind == "SLIDING") {
    window.kind = kind == "TUMBLING" ? WindowSpec::Kind::kTumbling : WindowSpec::Kind::kHopping;
    ReadGroupWindowSize(value, &object, &window);
  } else {
    value.FailUnsupported("group windows of kind '" + kind + "' are not supported");
  }
  return windowing;
}

std::vector<WindowProperty> ReadWindowProperties(const JsonValue& value) {
  std::vector<WindowProperty> properties;
  for (const JsonValue& item : value.Items()) {
    JsonObject object(item);
    JsonObject property(object.Get("property"));
    property.Ignore({"reference"});
    const std::string kind = property.Get("kind").String();
    const auto known = PropertyKind(kind);
    if (!known) item.FailUnsupported("window property '" + kind + "' is not supported");
    properties.push_back(
        {object.Get("name").String(), known.value_or(WindowProperty::Kind::kStart)});
  }
  return properties;
}

}  // namespace castor::plan
