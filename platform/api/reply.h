// What a handler of the API gives back.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platform/api/api.h"

namespace castor::platform {

struct Api::Reply {
  Reply(int code, const nlohmann::ordered_json& json);
  static Reply Refused(int code, const std::string& message);  // 400 and more

  int status;
  std::string body;
};

}  // namespace castor::platform
