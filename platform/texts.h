// Files of the repository that the program carries (CMakeLists.txt says which).
#pragma once

#include <string_view>
#include <vector>

namespace castor::platform {

std::vector<std::string_view> Migrations();  // SQL, oldest first; the n-th leads to version n
std::vector<std::string_view> Functions();   // spec/functions.json
std::vector<std::string_view> OpenApi();     // one: spec/openapi.yaml

}  // namespace castor::platform
