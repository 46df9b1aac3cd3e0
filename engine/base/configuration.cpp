#include "base/configuration.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace castor {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

constexpr std::array<Unit, 26> kDurationUnits{{
    {"ms", 1},           {"milli", 1},         {"millis", 1},     {"millisecond", 1},
    {"milliseconds", 1}, {"s", 1000},          {"sec", 1000},     {"secs", 1000},
    {"second", 1000},    {"seconds", 1000},    {"m", 60000},      {"min", 60000},
    {"minute", 60000},   {"minutes", 60000},   {"h", 3600000},    {"hour", 3600000},
    {"hours", 3600000},  {"d", 86400000},      {"day", 86400000}, {"days", 86400000},
    {"mins", 60000},     {"hrs", 3600000},     {"hr", 3600000},   {"", 1},
    {"w", 604800000},    {"weeks", 604800000},
}};

constexpr std::array<Unit, 14> kSizeUnits{{{"", 1},
                                           {"b", 1},
                                           {"bytes", 1},
                                           {"k", 1LL << 10},
                                           {"kb", 1LL << 10},
                                           {"kibibytes", 1LL << 10},
                                           {"m", 1LL << 20},
                                           {"mb", 1LL << 20},
                                           {"mebibytes", 1LL << 20},
                                           {"g", 1LL << 30},
                                           {"gb", 1LL << 30},
                                           {"gibibytes", 1LL << 30},
                                           {"t", 1LL << 40},
                                           {"tb", 1LL << 40}}};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

template <size_t N>
Result<int64_t> ParseWithUnit(std::string_view text, const std::array<Unit, N>& units,
                              std::string_view example) {
  const std::string_view trimmed = Trim(text);
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
  std::string unit(Trim(trimmed.substr(static_cast<size_t>(end - trimmed.data()))));
  for (char& c : unit) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (error == std::errc()) {
    for (const Unit& candidate : units) {
      if (candidate.name != unit) continue;
      int64_t product = 0;
      if (!__builtin_mul_overflow(number, candidate.factor, &product)) return product;
    }
  }
  return Status::InvalidArgument("cannot read '" + std::string(text) + "'; write it like '" +
                                 std::string(example) + "'");
}

Status BadValue(const std::string& key, const std::string& value, std::string_view expected) {
  return Status::InvalidArgument("option '" + key + "': '" + value + "' is not " +
                                 std::string(expected));
}

}  // namespace

Result<int64_t> ParseDurationMs(std::string_view text) {
  return ParseWithUnit(text, kDurationUnits, "10 s");
}

Result<int64_t> ParseMemorySize(std::string_view text) {
  return ParseWithUnit(text, kSizeUnits, "512 mb");
}

std::optional<std::string> Configuration::Find(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Result<std::string> Configuration::GetChoice(const std::string& key,
                                             std::initializer_list<std::string_view> choices,
                                             std::string_view fallback) const {
  const std::optional<std::string> value = Find(key);
  if (!value) return std::string(fallback);
  std::string expected;
  for (const std::string_view choice : choices) {
    const auto same = [](unsigned char a, unsigned char b) {
      return std::toupper(a) == std::toupper(b);
    };
    const std::string_view text = Trim(*value);
    if (std::equal(text.begin(), text.end(), choice.begin(), choice.end(), same)) {
      return std::string(choice);
    }
    expected += (expected.empty() ? "one of " : ", ") + std::string(choice);
  }
  return BadValue(key, *value, expected);
}

std::string Configuration::GetString(const std::string& key, std::string_view fallback) const {
  return Find(key).value_or(std::string(fallback));
}

Result<int64_t> Configuration::GetInt(const std::string& key, int64_t fallback) const {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end) return BadValue(key, *text, "a whole number");
  return value;
}

Result<double> Configuration::GetDouble(const std::string& key, double fallback) const {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  double value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end) return BadValue(key, *text, "a number");
  return value;
}

Result<bool> Configuration::GetBool(const std::string& key, bool fallback) const {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  std::string lower = *text;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "true") return true;
  if (lower == "false") return false;
  return BadValue(key, *text, "'true' or 'false'");
}

Result<int64_t> Configuration::GetDurationMs(const std::string& key, int64_t fallback) const {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  Result<int64_t> value = ParseDurationMs(*text);
  if (!value.ok()) return value.status().WithContext("option '" + key + "'");
  return value;
}

Result<int64_t> Configuration::GetMemorySize(const std::string& key, int64_t fallback) const {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  Result<int64_t> value = ParseMemorySize(*text);
  if (!value.ok()) return value.status().WithContext("option '" + key + "'");
  return value;
}

}  // namespace castor
