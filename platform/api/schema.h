// The part of JSON Schema, as OpenAPI 3.0 has it, that spec/openapi.yaml uses. Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"

namespace castor::platform {

// kUnsupported: the schema, or one in it, has a keyword that Validate does not know.
Status CheckSchema(const nlohmann::json& schema);
// `document` resolves references. kInvalidArgument names the place in the value.
Status Validate(const nlohmann::json& document, const nlohmann::json& schema,
                const nlohmann::json& value, const std::string& place);
// Adds the defaults of properties that are missing.
void FillDefaults(const nlohmann::json& document, const nlohmann::json& schema,
                  nlohmann::json* value);

}  // namespace castor::platform
