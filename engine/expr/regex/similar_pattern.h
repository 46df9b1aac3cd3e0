// Patterns of SIMILAR TO as patterns of java.util.regex: SqlLikeUtils.sqlToRegexSimilar.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::expr::regex {

// kInvalidArgument where Flink throws.
Result<std::string> SimilarToJava(std::string_view pattern,
                                  std::optional<std::string_view> escape = std::nullopt);

}  // namespace castor::expr::regex
