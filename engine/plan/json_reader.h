// Reading JSON into plain structs with checks, for this module's sources only.
//
// A JsonValue is one value and its place. Reads that do not fit return an empty value and note the
// first problem in the JsonProblem that all values of one document share, so that parsers read like
// declarations and are checked once at the end. A JsonObject also notes every field nobody asked
// for: a field that the engine does not understand may change results, so it must not pass unseen.
//
// Single-threaded. Values point into the parsed document, which must outlive them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace castor::plan {

class JsonProblem {
 public:
  void Note(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  bool any() const { return !status_.ok(); }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

class JsonValue {
 public:
  // `json` may be null: an absent value.
  JsonValue(const nlohmann::json* json, std::string place, JsonProblem* problem)
      : json_(json), place_(std::move(place)), problem_(problem) {}

  bool present() const;  // neither absent nor null
  bool is_string() const;
  bool is_object() const;

  bool Bool() const;
  bool BoolOr(bool fallback) const { return present() ? Bool() : fallback; }
  int32_t Int() const;
  int32_t IntOr(int32_t fallback) const { return present() ? Int() : fallback; }
  int64_t Long() const;
  std::string String() const;
  // The value of a literal: a string as it is, numbers and booleans as JSON writes them.
  std::string Text() const;
  // Lists and objects; an absent or null value is empty (Flink leaves out what is empty).
  std::vector<JsonValue> Items() const;
  std::vector<std::pair<std::string, JsonValue>> Members() const;
  std::vector<int32_t> Ints() const;
  std::vector<bool> Bools() const;
  std::vector<std::string> Strings() const;
  std::map<std::string, std::string> StringMap() const;

  // The same value under a better name of its place; one that ends in ':' stands before the path
  // from there on.
  JsonValue At(std::string place) const { return {json_, std::move(place), problem_}; }
  bool failed() const { return problem_->any(); }
  void FailUnsupported(std::string_view what) const;
  void FailMalformed(std::string_view what) const;
  void Fail(const Status& status) const;

 private:
  friend class JsonObject;
  std::string Placed(std::string_view what) const;
  JsonValue Child(const nlohmann::json* json, std::string_view name) const;
  JsonValue Item(const nlohmann::json& json, size_t index) const;

  const nlohmann::json* json_;
  std::string place_;
  JsonProblem* problem_;
};

class JsonObject {
 public:
  explicit JsonObject(JsonValue value);
  ~JsonObject();  // notes the fields that were not asked for
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // The field, which must be there (it may be null).
  JsonValue Get(std::string_view name);
  // The field, or an absent value.
  JsonValue Find(std::string_view name);
  // Fields that carry nothing an engine needs.
  void Ignore(std::initializer_list<std::string_view> names);
  // Leaves the check for unknown fields to another reader of the same value.
  void IgnoreAll() { checked_elsewhere_ = true; }

  const JsonValue& value() const { return value_; }

 private:
  JsonValue value_;
  std::vector<std::string> known_;
  bool checked_elsewhere_ = false;
};

}  // namespace castor::plan
