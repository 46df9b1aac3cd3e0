// Reads the options of one format or connector, keeping the first error and refusing what nobody
// asked for.
//
// Each read names a key (without prefix) and its default; `Finish` answers the first wrong value or
// an option that was never read. Values are Flink's texts. Used once, by one thread.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/status.h"
#include "format/api/format.h"

namespace castor::format {

class OptionReader {
 public:
  // `prefix` as in "json" for "json.ignore-parse-errors"; empty for options without one. `values`
  // must outlive the reader.
  OptionReader(std::string prefix, const std::map<std::string, std::string>& values)
      : prefix_(std::move(prefix)), values_(values) {}
  OptionReader(std::string prefix, const FormatOptions& options)
      : OptionReader(std::move(prefix), options.values) {}

  std::optional<std::string> Find(const std::string& key);
  std::string String(const std::string& key, std::string_view fallback);
  bool Bool(const std::string& key, bool fallback);
  int64_t Int(const std::string& key, int64_t fallback);
  double Double(const std::string& key, double fallback);
  int64_t DurationMs(const std::string& key, int64_t fallback);
  int64_t MemorySize(const std::string& key, int64_t fallback);
  // One of `choices`, in any case; answers the form given here.
  std::string Choice(const std::string& key, std::string_view fallback,
                     std::initializer_list<std::string_view> choices);
  // Says that `key` is wrong.
  void Refuse(const std::string& key, std::string_view reason);

  const Status& first_error() const { return error_; }
  // The first error, or that an option is not known.
  Status Finish();

 private:
  std::string FullName(const std::string& key) const;
  void Keep(const std::string& key, Status status);

  const std::string prefix_;
  const std::map<std::string, std::string>& values_;
  std::set<std::string> read_;
  Status error_;
};

}  // namespace castor::format
