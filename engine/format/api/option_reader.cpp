#include "format/api/option_reader.h"

#include "base/configuration.h"
#include "format/api/java_number.h"

namespace castor::format {
namespace {

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const char x = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i];
    const char y = b[i] >= 'A' && b[i] <= 'Z' ? static_cast<char>(b[i] + 32) : b[i];
    if (x != y) return false;
  }
  return true;
}

}  // namespace

std::string OptionReader::FullName(const std::string& key) const {
  return prefix_.empty() ? key : prefix_ + "." + key;
}

void OptionReader::Keep(const std::string& key, Status status) {
  if (error_.ok() && !status.ok()) {
    error_ = status.WithContext("option '" + FullName(key) + "'");
  }
}

void OptionReader::Refuse(const std::string& key, std::string_view reason) {
  Keep(key, Status::InvalidArgument(std::string(reason)));
}

std::optional<std::string> OptionReader::Find(const std::string& key) {
  read_.insert(key);
  auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string OptionReader::String(const std::string& key, std::string_view fallback) {
  return Find(key).value_or(std::string(fallback));
}

bool OptionReader::Bool(const std::string& key, bool fallback) {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  if (EqualIgnoringCase(*text, "true")) return true;
  if (!EqualIgnoringCase(*text, "false")) {
    Refuse(key, "'" + *text + "' is neither true nor false");
  }
  return false;
}

int64_t OptionReader::Int(const std::string& key, int64_t fallback) {
  const std::optional<std::string> text = Find(key);
  int64_t value = fallback;
  if (text && !ParseJavaInteger(TrimJava(*text), INT64_MIN, INT64_MAX, &value)) {
    Refuse(key, "'" + *text + "' is not a whole number");
  }
  return value;
}

double OptionReader::Double(const std::string& key, double fallback) {
  const std::optional<std::string> text = Find(key);
  double value = fallback;
  if (text && !ParseJavaDouble(*text, &value)) Refuse(key, "'" + *text + "' is not a number");
  return value;
}

int64_t OptionReader::DurationMs(const std::string& key, int64_t fallback) {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  Result<int64_t> value = ParseDurationMs(*text);
  if (value.ok()) return *value;
  Keep(key, value.status());
  return fallback;
}

int64_t OptionReader::MemorySize(const std::string& key, int64_t fallback) {
  const std::optional<std::string> text = Find(key);
  if (!text) return fallback;
  Result<int64_t> value = ParseMemorySize(*text);
  if (value.ok()) return *value;
  Keep(key, value.status());
  return fallback;
}

std::string OptionReader::Choice(const std::string& key, std::string_view fallback,
                                 std::initializer_list<std::string_view> choices) {
  const std::optional<std::string> text = Find(key);
  if (!text) return std::string(fallback);
  std::string known;
  for (std::string_view choice : choices) {
    if (EqualIgnoringCase(choice, *text)) return std::string(choice);
    known += known.empty() ? "" : ", ";
    known += choice;
  }
  Refuse(key, "'" + *text + "' is none of " + known);
  return std::string(fallback);
}

Status OptionReader::Finish() {
  CASTOR_RETURN_NOT_OK(error_);
  for (const auto& [key, unused] : values_) {
    if (!read_.contains(key)) {
      return Status::InvalidArgument("option '" + FullName(key) + "' is not known");
    }
  }
  return Status::OK();
}

}  // namespace castor::format
