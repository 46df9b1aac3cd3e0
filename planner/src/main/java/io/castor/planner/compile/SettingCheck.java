package io.castor.planner.compile;

import io.castor.planner.PlanException;
import io.castor.planner.Suggestions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * Catches mistyped options while their place in the script is known. Flink takes any key in silence
 * and parses a value only when it is used; here a key that looks like one of the groups the engine
 * reads but is none of them is an error, and so is a value that is not of its option's type.
 */
final class SettingCheck {

  private static final List<String> GROUPS =
      List.of("table.exec.", "table.optimizer.", "pipeline.", "restart-strategy.", "parallelism.");

  private SettingCheck() {}

  static void check(String key, String value) {
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
