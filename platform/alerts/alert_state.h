// What becomes of an alert: a pure function of what it is and of what is seen.
#pragma once

#include <cstdint>
#include <optional>

#include "platform/metadata/records.h"

namespace castor::platform {

enum class AlertStep {
  kNone,
  kPend,     // it holds, and fires if it goes on
  kFire,     // it has held for long enough
  kForget,   // it held, and never fired
  kResolve,  // it has fired, and holds no longer
};

// `known`: what is recorded, if it is. `holds`: whether the condition does; nothing if that cannot
// be told now, and then all stays as it is.
AlertStep NextStep(const std::optional<AlertRecord>& known, std::optional<bool> holds, int64_t now,
                   int64_t for_ms);

}  // namespace castor::platform
