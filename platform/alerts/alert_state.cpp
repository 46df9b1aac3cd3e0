#include "platform/alerts/alert_state.h"

namespace castor::platform {

AlertStep NextStep(const std::optional<AlertRecord>& known, std::optional<bool> holds, int64_t now,
                   int64_t for_ms) {
  if (!holds) return AlertStep::kNone;
  const bool is_over = !known || known->state == "RESOLVED";
  if (is_over) {
    if (!*holds) return AlertStep::kNone;
    return for_ms == 0 ? AlertStep::kFire : AlertStep::kPend;
  }
  if (known->state == "FIRING") return *holds ? AlertStep::kNone : AlertStep::kResolve;
  if (!*holds) return AlertStep::kForget;
  return now - known->since >= for_ms ? AlertStep::kFire : AlertStep::kNone;
}

}  // namespace castor::platform
