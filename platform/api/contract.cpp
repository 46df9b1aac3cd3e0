#include "platform/api/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "platform/api/schema.h"
#include "platform/api/yaml.h"

namespace castor::platform {
namespace {

using Json = nlohmann::json;
using Segments = std::vector<std::string>;

Segments Split(std::string_view path) {
  Segments segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const size_t end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool IsVariable(const std::string& segment) { return segment.starts_with('{'); }

std::string UpperCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Parameters are texts; a schema may want a number.
Json ParameterValue(const Json& schema, const std::string& text) {
  if (schema.value("type", "") != "integer") return text;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return text;
  return number;
}

// What is nested deeper than anything that is asked for would only try how large the stack is.
bool IsNestedTooDeeply(std::string_view text) {
  constexpr int kMaxDepth = 64;
  int depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

Contract::Match Refuse(int status, std::string message) {
  return {.call = {}, .refused = status, .message = std::move(message)};
}

}  // namespace

struct Contract::Operation {
  std::string id;
  std::string method;  // upper case
  Segments path;
  std::vector<Json> parameters;
  std::string body_type;  // content type; empty: none
  Json body;              // its schema
  Role role = Role::kAdmin;
  bool changes = false;
  bool open_nearby = false;

  // The variables of the path, if it is this one.
  std::optional<std::map<std::string, std::string>> MatchPath(const Segments& segments) const {
    if (segments.size() != path.size()) return std::nullopt;
    std::map<std::string, std::string> variables;
    for (size_t i = 0; i < path.size(); ++i) {
      if (IsVariable(path[i])) {
        variables[path[i].substr(1, path[i].size() - 2)] = segments[i];
      } else if (path[i] != segments[i]) {
        return std::nullopt;
      }
    }
    return variables;
  }
};

Contract::Contract() : document_(std::make_unique<Json>()) {}
Contract::~Contract() = default;

Result<std::unique_ptr<Contract>> Contract::Load(std::string_view yaml) {
  std::unique_ptr<Contract> contract(new Contract());
  CASTOR_RETURN_NOT_OK(ReadYaml(yaml, contract->document_.get()));
  try {
    for (const auto& [name, schema] : contract->document_->at("components").at("schemas").items()) {
      CASTOR_RETURN_NOT_OK(CheckSchema(schema).WithContext(name));
    }
    for (const auto& [path, methods] : contract->document_->at("paths").items()) {
      for (const auto& [method, operation] : methods.items()) {
        CASTOR_RETURN_NOT_OK(contract->AddOperation(path, method, operation));
      }
    }
  } catch (const Json::exception& error) {
    return Status::InvalidArgument(std::string("the contract cannot be read: ") + error.what());
  }
  return contract;
}

// Who may: nothing is open to everybody only because nobody has thought of it.
Status Contract::ReadAccess(const Json& description, Operation* operation) {
  const auto role = ParseRole(description.value("x-role", ""));
  if (!role) {
    return Status::InvalidArgument("operation " + operation->id +
                                   " of the contract says no x-role that is known");
  }
  const auto& path = operation->path;
  const bool in_namespace = std::find(path.begin(), path.end(), "{namespace}") != path.end();
  if (IsOfNamespace(*role) && !in_namespace) {
    return Status::InvalidArgument("operation " + operation->id + " of the contract has x-role " +
                                   RoleName(*role) + " and no {namespace} in its path");
  }
  operation->role = *role;
  operation->changes = operation->method != "GET" && !description.value("x-only-reads", false);
  operation->open_nearby = description.value("x-open-nearby", false);
  return Status::OK();
}

Status Contract::AddOperation(const std::string& path, const std::string& method,
                              const Json& description) {
  const auto resolve = [this](const Json& json) -> const Json& {
    if (!json.contains("$ref")) return json;
    return document_->at(Json::json_pointer(json["$ref"].get<std::string>().substr(1)));
  };
  Operation operation;
  operation.id = description.at("operationId");
  operation.method = UpperCase(method);
  operation.path = Split(path);
  CASTOR_RETURN_NOT_OK(ReadAccess(description, &operation));
  for (const Json& parameter : description.value("parameters", Json::array())) {
    operation.parameters.push_back(resolve(parameter));
    CASTOR_RETURN_NOT_OK(CheckSchema(operation.parameters.back().at("schema")));
  }
  if (description.contains("requestBody")) {
    const Json& content = resolve(description["requestBody"]).at("content");
    operation.body_type = content.begin().key();
    operation.body = content.begin()->at("schema");
    CASTOR_RETURN_NOT_OK(CheckSchema(operation.body));
  }
  operations_.push_back(std::move(operation));
  return Status::OK();
}

std::optional<Wanted> Contract::Find(const HttpRequest& request) const {
  const Segments segments = Split(request.path);
  for (const Operation& operation : operations_) {
    if (operation.method != request.method) continue;
    const auto variables = operation.MatchPath(segments);
    if (!variables) continue;
    const auto in = variables->find("namespace");
    return Wanted{
        .operation = operation.id,
        .demand = {.role = operation.role, .in = in == variables->end() ? "" : in->second},
        .changes = operation.changes,
        .open_nearby = operation.open_nearby};
  }
  return std::nullopt;
}

Contract::Match Contract::Read(const HttpRequest& request) const {
  const Segments segments = Split(request.path);
  bool path_exists = false;
  for (const Operation& operation : operations_) {
    auto variables = operation.MatchPath(segments);
    if (!variables) continue;
    path_exists = true;
    if (operation.method != request.method) continue;
    Match match;
    match.call.operation = operation.id;
    match.call.parameters = request.query;
    AddHeaders(operation, request, &match.call.parameters);
    if (const Status checked = CheckParameters(operation, match.call); !checked.ok()) {
      return Refuse(400, checked.message());
    }
    match.call.parameters.merge(*variables);
    if (operation.body_type.empty()) return match;
    return ReadBody(operation, request, std::move(match));
  }
  if (path_exists) return Refuse(405, request.path + " has no " + request.method);
  return Refuse(404, "there is no " + request.path);
}

// Headers that are parameters.
void Contract::AddHeaders(const Operation& operation, const HttpRequest& request,
                          std::map<std::string, std::string>* parameters) const {
  for (const Json& parameter : operation.parameters) {
    if (parameter["in"] != "header") continue;
    const auto name = parameter["name"].get<std::string>();
    const auto given = request.headers.find(LowerCase(name));
    if (given != request.headers.end()) (*parameters)[name] = given->second;
  }
}

// The path's were found by its form.
Status Contract::CheckParameters(const Operation& operation, const Call& call) const {
  for (const auto& [name, text] : call.parameters) {
    const Json* found = nullptr;
    for (const Json& parameter : operation.parameters) {
      if (parameter["in"] != "path" && parameter["name"] == name) found = &parameter;
    }
    if (found == nullptr) return Status::InvalidArgument("parameter " + name + " is not known");
    const Json& schema = found->at("schema");
    CASTOR_RETURN_NOT_OK(
        Validate(*document_, schema, ParameterValue(schema, text), "parameter " + name));
  }
  return Status::OK();
}

Contract::Match Contract::ReadBody(const Operation& operation, const HttpRequest& request,
                                   Match match) const {
  const auto header = request.headers.find("content-type");
  std::string type = header == request.headers.end() ? "" : header->second;
  type.resize(std::min(type.find(';'), type.size()));
  const bool is_streamed = operation.body_type == "application/octet-stream";
  if (is_streamed && type == operation.body_type && request.read_body) {
    match.call.read_body = request.read_body;
    return match;
  }
  if (is_streamed || (type != operation.body_type && type != "application/json")) {
    return Refuse(415, "the content type has to be " + operation.body_type);
  }
  if (IsNestedTooDeeply(request.body)) return Refuse(400, "the body is nested too deeply");
  Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return Refuse(400, "the body is no JSON");
  if (const Status valid = Validate(*document_, operation.body, body, ""); !valid.ok()) {
    return Refuse(400, valid.message());
  }
  match.call.body = std::make_shared<Json>(std::move(body));
  return match;
}

Status Contract::Check(const std::string& schema, const Json& value) const {
  return Validate(*document_, document_->at("components").at("schemas").at(schema), value, "");
}

void Contract::Fill(const std::string& schema, Json* value) const {
  FillDefaults(*document_, document_->at("components").at("schemas").at(schema), value);
}

std::vector<std::string> Contract::Operations() const {
  std::vector<std::string> ids;
  for (const Operation& operation : operations_) ids.push_back(operation.id);
  return ids;
}

}  // namespace castor::platform
