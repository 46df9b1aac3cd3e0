// The name that somebody who mistyped one may have meant. Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace castor::cli {

// That which is reached with the fewest letters changed, put in or left out, of those that take at
// most `most`; of equals the first.
std::optional<std::string> NearestName(const std::string& given, std::span<const std::string> names,
                                       size_t most);

}  // namespace castor::cli
