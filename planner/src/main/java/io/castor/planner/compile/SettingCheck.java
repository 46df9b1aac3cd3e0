package io.castor.planner.compile;

import io.castor.planner.PlanException;
import io.castor.planner.Suggestions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;

/**
 * Catches mistyped options of a script or a request before anything is planned. Flink takes any key
 * in silence and parses a value only when it is used; here a key that looks like one of the groups
 * the engine reads but is none of them is an error, and so is a value that is not of its option's
 * type.
 */
final class SettingCheck {

  private static final List<String> GROUPS =
      List.of(
          "table.exec.",
          "table.optimizer.",
          "pipeline.",
          "execution.",
          "restart-strategy.",
          "parallelism.");

  private SettingCheck() {}

  static void check(String key, String value) {
    if (key.equals(ExecutionOptions.RUNTIME_MODE.key())
        && !value.equalsIgnoreCase(RuntimeExecutionMode.STREAMING.name())) {
      throw new PlanException(
          "Castor runs streaming plans only; '" + key + "' cannot be '" + value + "'.",
          "Leave it out: a job over bounded tables ends by itself with the final result.");
    }
    Optional<ConfigOption<?>> option = EffectiveOptions.find(key);
    if (option.isPresent()) {
      checkValue(option.get(), key, value);
    } else if (GROUPS.stream().anyMatch(key::startsWith)) {
      throw new PlanException(
          "Unknown option '" + key + "'.",
          Suggestions.hint(key, EffectiveOptions.knownKeys(), "options"));
    }
  }

  private static void checkValue(ConfigOption<?> option, String key, String value) {
    try {
      Configuration.fromMap(Map.of(key, value)).getOptional(option);
    } catch (IllegalArgumentException e) {
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new PlanException(
          "Option '" + key + "' cannot be '" + value + "'.", "Flink says: " + reason, e);
    }
  }
}
