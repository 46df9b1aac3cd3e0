// YAML read as the JSON that it stands for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/status.h"

namespace castor::platform {

// Sets `*json`. kInvalidArgument: the text is no YAML; the message has the line.
Status ReadYaml(std::string_view text, nlohmann::json* json);

}  // namespace castor::platform
