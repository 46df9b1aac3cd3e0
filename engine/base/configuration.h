// A job's effective options: Flink's keys and textual values, with typed reads.
//
// Built once from the job bundle and the command line, then read-only and safe to share. Typed
// reads name the key, the value and the accepted form when they fail. Durations take Flink's forms
// ("500 ms", "2 s", "1 h", "P1D" forms excluded, a bare number is milliseconds), sizes take "64kb",
// "1 gb".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor {

Result<int64_t> ParseDurationMs(std::string_view text);
Result<int64_t> ParseMemorySize(std::string_view text);

class Configuration {
 public:
  Configuration() = default;
  explicit Configuration(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  void Set(std::string key, std::string value) { values_[std::move(key)] = std::move(value); }
  std::optional<std::string> Find(const std::string& key) const;
  std::string GetString(const std::string& key, std::string_view fallback) const;
  Result<int64_t> GetInt(const std::string& key, int64_t fallback) const;
  Result<double> GetDouble(const std::string& key, double fallback) const;
  Result<bool> GetBool(const std::string& key, bool fallback) const;
  Result<int64_t> GetDurationMs(const std::string& key, int64_t fallback) const;
  Result<int64_t> GetMemorySize(const std::string& key, int64_t fallback) const;
  // One of `choices`, spelled as there; case does not matter in the value.
  Result<std::string> GetChoice(const std::string& key,
                                std::initializer_list<std::string_view> choices,
                                std::string_view fallback) const;
  const std::map<std::string, std::string>& values() const { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace castor
