// JSON with line ends and indentation, its values as they were: no number is read and written
// again.
#pragma once

#include <string>
#include <string_view>

namespace castor::cli {

// `json` is valid and compact. Ends with a newline.
std::string IndentJson(std::string_view json);

}  // namespace castor::cli
