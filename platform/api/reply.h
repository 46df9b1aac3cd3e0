// What a handler of the API gives back.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/api/api.h"

namespace castor::platform {

struct Api::Reply {
  Reply(int code, const nlohmann::ordered_json& json);
  static Reply Refused(int code, const std::string& message);  // 400 and more

  // An answer in pieces (HttpResponse::next_piece).
  static Reply Stream(std::function<std::optional<std::string>()> next_piece);

  // A file's bytes, in pieces.
  static Reply File(std::function<std::optional<std::string>()> next_piece);

  static Reply Text(std::string text);

  // Of JSON that is a text already.
  static Reply Document(int code, std::string json);

  int status;
  std::string body;
  std::string refusal = {};  // the message, if it is one
  std::string content_type = "application/json";
  std::function<std::optional<std::string>()> next_piece = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace castor::platform
