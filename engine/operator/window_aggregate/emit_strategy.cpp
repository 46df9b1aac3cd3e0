#include "operator/window_aggregate/emit_strategy.h"

#include <string>

namespace castor::window_aggregate {
namespace {

// The delay of `option` ("table.exec.emit.early-fire"), none unless it is enabled.
Result<std::optional<int64_t>> ReadDelay(const std::string& option,
                                         const Configuration& configuration) {
  CASTOR_ASSIGN_OR_RETURN(const bool enabled, configuration.GetBool(option + ".enabled", false));
  if (!enabled) return std::optional<int64_t>();
  CASTOR_ASSIGN_OR_RETURN(const int64_t delay, configuration.GetDurationMs(option + ".delay", -1));
  if (delay < 0) {
    return Status::InvalidArgument(option + ".delay should be set, and not be negative, when " +
                                   option + ".enabled is true");
  }
  return std::optional<int64_t>(delay);
}

Result<int64_t> ReadLateness(const EmitStrategy& strategy, const Configuration& configuration) {
  if (!strategy.late_delay_ms.has_value()) return int64_t{0};
  CASTOR_ASSIGN_OR_RETURN(const int64_t retention,
                          configuration.GetDurationMs("table.exec.state.ttl", 0));
  return configuration.GetDurationMs("table.exec.emit.allow-lateness", retention);
}

}  // namespace

Result<EmitStrategy> ReadEmitStrategy(const plan::WindowingStrategy& windowing,
                                      const Configuration& configuration) {
  EmitStrategy strategy;
  CASTOR_ASSIGN_OR_RETURN(strategy.early_delay_ms,
                          ReadDelay("table.exec.emit.early-fire", configuration));
  CASTOR_ASSIGN_OR_RETURN(strategy.late_delay_ms,
                          ReadDelay("table.exec.emit.late-fire", configuration));
  const bool enabled = strategy.early_delay_ms.has_value() || strategy.late_delay_ms.has_value();
  if (windowing.window.kind == plan::WindowSpec::Kind::kSession) {
    if (!enabled) return strategy;
    return Status::InvalidArgument("session windows do not support table.exec.emit.*");
  }
  CASTOR_ASSIGN_OR_RETURN(strategy.lateness_ms, ReadLateness(strategy, configuration));
  if (windowing.is_rowtime && strategy.late_delay_ms.has_value() && strategy.lateness_ms <= 0) {
    return Status::InvalidArgument(
        "table.exec.emit.late-fire.enabled requires table.exec.emit.allow-lateness or "
        "table.exec.state.ttl");
  }
  if (strategy.late_delay_ms.value_or(0) > strategy.lateness_ms) {
    return Status::InvalidArgument(
        "table.exec.emit.allow-lateness should not be smaller than "
        "table.exec.emit.late-fire.delay");
  }
  return strategy;
}

}  // namespace castor::window_aggregate
