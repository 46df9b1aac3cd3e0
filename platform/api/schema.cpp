#include "platform/api/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

namespace castor::platform {
namespace {

using Json = nlohmann::json;

constexpr const char* kKeywords[] = {"$ref",      "items",      "type",      "enum",
                                     "default",   "properties", "required",  "additionalProperties",
                                     "minimum",   "maximum",    "minLength", "pattern",
                                     "maxLength", "readOnly",   "writeOnly", "description",
                                     "nullable"};

const Json& Resolve(const Json& document, const Json& schema) {
  const auto reference = schema.find("$ref");
  if (reference == schema.end()) return schema;
  return document.at(Json::json_pointer(reference->get<std::string>().substr(1)));
}

Status Wrong(const std::string& place, const std::string& what) {
  return Status::InvalidArgument((place.empty() ? "the document" : place) + " " + what);
}

bool HasType(const std::string& type, const Json& value) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "boolean" && value.is_boolean();
}

Status ValidateNumber(const Json& schema, const Json& value, const std::string& place) {
  const auto number = value.get<int64_t>();
  if (number < schema.value("minimum", number)) {
    return Wrong(place, fmt::format("is less than {}", schema["minimum"].get<int64_t>()));
  }
  if (number > schema.value("maximum", number)) {
    return Wrong(place, fmt::format("is more than {}", schema["maximum"].get<int64_t>()));
  }
  return Status::OK();
}

Status ValidateText(const Json& schema, const Json& value, const std::string& place) {
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() < schema.value("minLength", size_t{0})) return Wrong(place, "is empty");
  if (text.size() > schema.value("maxLength", text.size())) {
    return Wrong(place, fmt::format("has more than {} bytes", schema["maxLength"].get<size_t>()));
  }
  if (!schema.contains("pattern")) return Status::OK();
  const auto pattern = schema["pattern"].get<std::string>();
  if (std::regex_match(text, std::regex(pattern))) return Status::OK();
  return Wrong(place, fmt::format("is '{}', which does not match {}", text, pattern));
}

Status ValidateObject(const Json& document, const Json& schema, const Json& value,
                      const std::string& place) {
  for (const Json& name : schema.value("required", Json::array())) {
    const auto key = name.get<std::string>();
    if (!value.contains(key)) return Wrong(place, "has no " + key);
  }
  const Json properties = schema.value("properties", Json::object());
  const Json others = schema.value("additionalProperties", Json(true));
  for (const auto& [name, member] : value.items()) {
    const std::string inner = place.empty() ? name : place + "." + name;
    if (properties.contains(name)) {
      CASTOR_RETURN_NOT_OK(Validate(document, properties[name], member, inner));
    } else if (others.is_object()) {
      CASTOR_RETURN_NOT_OK(Validate(document, others, member, inner));
    } else if (!others.get<bool>()) {
      return Wrong(inner, "is not known");
    }
  }
  return Status::OK();
}

Status ValidateArray(const Json& document, const Json& schema, const Json& value,
                     const std::string& place) {
  if (!schema.contains("items")) return Status::OK();
  for (size_t i = 0; i < value.size(); ++i) {
    CASTOR_RETURN_NOT_OK(
        Validate(document, schema["items"], value[i], fmt::format("{}[{}]", place, i)));
  }
  return Status::OK();
}

}  // namespace

Status CheckSchema(const Json& schema) {
  for (const auto& [keyword, value] : schema.items()) {
    const bool known = std::any_of(std::begin(kKeywords), std::end(kKeywords),
                                   [&](const char* each) { return keyword == each; });
    if (!known) return Status::Unsupported("keyword " + keyword + " in a schema");
    if (keyword == "properties") {
      for (const Json& property : value) CASTOR_RETURN_NOT_OK(CheckSchema(property));
    } else if (keyword == "items" || (keyword == "additionalProperties" && value.is_object())) {
      CASTOR_RETURN_NOT_OK(CheckSchema(value));
    }
  }
  return Status::OK();
}

Status Validate(const Json& document, const Json& reference, const Json& value,
                const std::string& place) {
  const Json& schema = Resolve(document, reference);
  const std::string type = schema.value("type", "");
  if (value.is_null() && schema.value("nullable", false)) return Status::OK();
  if (!type.empty() && !HasType(type, value)) return Wrong(place, "has to be of type " + type);
  if (schema.contains("enum")) {
    const Json& allowed = schema["enum"];
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      return Wrong(place, fmt::format("is {}, which is none of {}", value.dump(), allowed.dump()));
    }
  }
  if (type == "integer") return ValidateNumber(schema, value, place);
  if (type == "string") return ValidateText(schema, value, place);
  if (type == "array") return ValidateArray(document, schema, value, place);
  if (type == "object") return ValidateObject(document, schema, value, place);
  return Status::OK();
}

void FillDefaults(const Json& document, const Json& reference, Json* value) {
  const Json& schema = Resolve(document, reference);
  if (!value->is_object() || !schema.contains("properties")) return;
  for (const auto& [name, property] : schema["properties"].items()) {
    const Json& resolved = Resolve(document, property);
    if (!value->contains(name) && resolved.contains("default")) {
      (*value)[name] = resolved["default"];
    }
    if (value->contains(name)) FillDefaults(document, property, &(*value)[name]);
  }
}

}  // namespace castor::platform
