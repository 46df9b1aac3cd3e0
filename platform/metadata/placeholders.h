// Placeholders in scripts and options: ${secret_values.NAME}, and ${NAME} for a variable of the
// deployment. A dollar that begins none stays as it is; $${ stands for ${. Stateless.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::platform {

// `find` gives what stands for a name. kInvalidArgument: a placeholder without end; its errors are
// handed on.
Result<std::string> FillIn(std::string_view text,
                           const std::function<Result<std::string>(const std::string&)>& find);

}  // namespace castor::platform
