package io.castor.planner.compile;

import io.castor.planner.PlanException;
import io.castor.planner.Suggestions;
import java.util.List;

/**
 * Catches mistyped option keys. Flink takes any key in silence; here a key that looks like one of
 * the groups the engine reads but is none of them is an error.
 */
final class SettingCheck {

  private static final List<String> GROUPS =
      List.of("table.exec.", "table.optimizer.", "pipeline.", "restart-strategy.", "parallelism.");

  private SettingCheck() {}

  static void check(String key, String value) {
    List<String> known = EffectiveOptions.knownKeys();
    boolean checked = GROUPS.stream().anyMatch(key::startsWith);
    if (checked && !known.contains(key)) {
      throw new PlanException(
          "Unknown option '" + key + "'.", Suggestions.hint(key, known, "options"));
    }
  }
}
