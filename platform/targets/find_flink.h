// Finds what jobs on Flink need. Stateless.
#pragma once

#include <string>

#include "platform/targets/local_target.h"

namespace castor::platform {

// `home` is the folder of a distribution of Flink, or empty for none; `state_backend` the jar of
// Gemini, or empty for the one in the distribution's lib/, or that of this checkout, or none.
// kInvalidArgument: what is named is not there, or no distribution.
Result<FlinkInstallation> FindFlink(const std::string& home, const std::string& state_backend);

}  // namespace castor::platform
