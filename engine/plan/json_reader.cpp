#include "plan/json_reader.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace castor::plan {
namespace {

std::string Shortened(const nlohmann::json& json) {
  constexpr size_t kLimit = 60;
  std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() > kLimit) text = text.substr(0, kLimit) + "...";
  return text;
}

}  // namespace

bool JsonValue::present() const { return json_ != nullptr && !json_->is_null(); }
bool JsonValue::is_string() const { return json_ != nullptr && json_->is_string(); }
bool JsonValue::is_object() const { return json_ != nullptr && json_->is_object(); }

std::string JsonValue::Placed(std::string_view what) const {
  if (place_.empty()) return std::string(what);
  return place_ + (place_.back() == ':' ? " " : ": ") + std::string(what);
}

void JsonValue::Fail(const Status& status) const {
  problem_->Note(Status(status.code(), Placed(status.message())));
}

void JsonValue::FailUnsupported(std::string_view what) const {
  problem_->Note(Status::Unsupported(Placed(what)));
}

void JsonValue::FailMalformed(std::string_view what) const {
  const std::string found = json_ == nullptr ? "nothing" : Shortened(*json_);
  problem_->Note(
      Status::InvalidArgument(Placed("expected " + std::string(what) + ", found " + found)));
}

bool JsonValue::Bool() const {
  if (json_ != nullptr && json_->is_boolean()) return json_->get<bool>();
  FailMalformed("true or false");
  return false;
}

int64_t JsonValue::Long() const {
  const bool fits = json_ != nullptr && json_->is_number_integer() &&
                    (!json_->is_number_unsigned() ||
                     json_->get<uint64_t>() <= uint64_t{std::numeric_limits<int64_t>::max()});
  if (fits) return json_->get<int64_t>();
  FailMalformed("an integer");
  return 0;
}

int32_t JsonValue::Int() const {
  const int64_t value = Long();
  if (value >= std::numeric_limits<int32_t>::min() &&
      value <= std::numeric_limits<int32_t>::max()) {
    return static_cast<int32_t>(value);
  }
  FailMalformed("a 32-bit integer");
  return 0;
}

std::string JsonValue::String() const {
  if (is_string()) return json_->get<std::string>();
  FailMalformed("a string");
  return {};
}

std::string JsonValue::Text() const {
  if (is_string()) return json_->get<std::string>();
  if (json_ != nullptr && (json_->is_number() || json_->is_boolean())) return json_->dump();
  FailMalformed("a string, number or boolean");
  return {};
}

JsonValue JsonValue::Child(const nlohmann::json* json, std::string_view name) const {
  std::string place = place_;
  if (!place.empty()) place += place.back() == ':' ? ' ' : '.';
  place += name;
  return {json, std::move(place), problem_};
}

JsonValue JsonValue::Item(const nlohmann::json& json, size_t index) const {
  return {&json, place_ + "[" + std::to_string(index) + "]", problem_};
}

std::vector<JsonValue> JsonValue::Items() const {
  std::vector<JsonValue> items;
  if (!present()) return items;
  if (!json_->is_array()) {
    FailMalformed("a list");
    return items;
  }
  items.reserve(json_->size());
  for (const nlohmann::json& item : *json_) items.push_back(Item(item, items.size()));
  return items;
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::Members() const {
  std::vector<std::pair<std::string, JsonValue>> members;
  if (!present()) return members;
  if (!is_object()) {
    FailMalformed("an object");
    return members;
  }
  for (const auto& [name, value] : json_->items()) members.emplace_back(name, Child(&value, name));
  return members;
}

std::vector<int32_t> JsonValue::Ints() const {
  std::vector<int32_t> values;
  for (const JsonValue& item : Items()) values.push_back(item.Int());
  return values;
}

std::vector<bool> JsonValue::Bools() const {
  std::vector<bool> values;
  for (const JsonValue& item : Items()) values.push_back(item.Bool());
  return values;
}

std::vector<std::string> JsonValue::Strings() const {
  std::vector<std::string> values;
  for (const JsonValue& item : Items()) values.push_back(item.String());
  return values;
}

std::map<std::string, std::string> JsonValue::StringMap() const {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : Members()) values.emplace(name, value.String());
  return values;
}

JsonObject::JsonObject(JsonValue value) : value_(std::move(value)) {
  if (!value_.is_object()) value_.FailMalformed("an object");
}

JsonObject::~JsonObject() {
  if (checked_elsewhere_ || value_.failed() || !value_.is_object()) return;
  for (const auto& [name, field] : value_.json_->items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    value_.FailUnsupported("field '" + name + "' is not known to this engine (value " +
                           Shortened(field) + ")");
  }
}

JsonValue JsonObject::Get(std::string_view name) {
  JsonValue field = Find(name);
  if (field.json_ == nullptr) {
    value_.FailMalformed("an object with field '" + std::string(name) + "'");
  }
  return field;
}

JsonValue JsonObject::Find(std::string_view name) {
  known_.emplace_back(name);
  if (!value_.is_object()) return value_.Child(nullptr, name);
  const auto it = value_.json_->find(name);
  return value_.Child(it == value_.json_->end() ? nullptr : &*it, name);
}

void JsonObject::Ignore(std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) known_.emplace_back(name);
}

}  // namespace castor::plan
