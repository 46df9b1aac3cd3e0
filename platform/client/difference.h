// What is different between two documents, for people. Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace castor::platform {

// A place a block, "spec.state:", with lines that begin with "-" (of before) and "+"; texts of
// several lines are compared by their lines. Empty: nothing is different.
std::string Difference(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace castor::platform
