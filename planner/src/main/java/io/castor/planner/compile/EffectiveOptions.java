package io.castor.planner.compile;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.configuration.BatchExecutionOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.planner.plan.utils.WindowEmitStrategy;

/**
 * The options a runtime needs and a compiled plan leaves out: whatever the user set, and Flink's
 * default for every option of the groups below that has one.
 */
final class EffectiveOptions {

  private static final List<Class<?>> GROUPS =
      List.of(
          TableConfigOptions.class,
          ExecutionConfigOptions.class,
          OptimizerConfigOptions.class,
          PipelineOptions.class,
          ExecutionOptions.class,
          CheckpointingOptions.class,
          RestartStrategyOptions.class,
          StateBackendOptions.class,
          StateRecoveryOptions.class,
          CoreOptions.class);

  private static final List<String> NEEDED =
      List.of(
          "table.local-time-zone",
          "table.exec.",
          "pipeline.auto-watermark-interval",
          "pipeline.max-parallelism",
          "pipeline.object-reuse",
          "execution.",
          "parallelism.default",
          "restart-strategy.",
          "state.");

  private static final List<ConfigOption<?>> KNOWN = collect(GROUPS);

  /** Options that mean something to a cluster; a job that has them runs all the same. */
  private static final List<ConfigOption<?>> OF_CLUSTERS =
      collect(List.of(DeploymentOptions.class, BatchExecutionOptions.class));

  /** Options of group windows, which their planner node keeps; the engine has their defaults. */
  private static final List<ConfigOption<?>> EMIT =
      List.of(
          WindowEmitStrategy.TABLE_EXEC_EMIT_EARLY_FIRE_ENABLED(),
          WindowEmitStrategy.TABLE_EXEC_EMIT_EARLY_FIRE_DELAY(),
          WindowEmitStrategy.TABLE_EXEC_EMIT_LATE_FIRE_ENABLED(),
          WindowEmitStrategy.TABLE_EXEC_EMIT_LATE_FIRE_DELAY(),
          WindowEmitStrategy.TABLE_EXEC_EMIT_ALLOW_LATENESS());

  private EffectiveOptions() {}

  static Map<String, String> of(Configuration written) {
    Map<String, String> effective = new TreeMap<>();
    Configuration defaults = new Configuration();
    for (ConfigOption<?> option : KNOWN) {
      if (option.hasDefaultValue() && needed(option.key())) {
        putDefault(defaults, option);
      }
    }
    effective.putAll(defaults.toMap());
    effective.putAll(written.toMap());
    // An option set by an older name counts under its own name too, unless that is set as well.
    written
        .toMap()
        .forEach(
            (key, value) ->
                find(key)
                    .map(ConfigOption::key)
                    .filter(own -> !written.containsKey(own))
                    .ifPresent(own -> effective.put(own, value)));
    return effective;
  }

  /** Keys of all options of Flink's that concern a job. */
  static List<String> knownKeys() {
    return known().map(ConfigOption::key).toList();
  }

  /** The option a key stands for, also by an older name. */
  static Optional<ConfigOption<?>> find(String key) {
    return known().filter(option -> isNamed(option, key)).findFirst();
  }

  private static Stream<ConfigOption<?>> known() {
    return Stream.of(KNOWN, EMIT, OF_CLUSTERS).flatMap(List::stream);
  }

  private static boolean isNamed(ConfigOption<?> option, String key) {
    if (option.key().equals(key)) {
      return true;
    }
    for (FallbackKey fallback : option.fallbackKeys()) {
      if (fallback.getKey().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static <T> void putDefault(Configuration defaults, ConfigOption<T> option) {
    defaults.set(option, option.defaultValue());
  }

  private static boolean needed(String key) {
    Predicate<String> covers = p -> p.endsWith(".") ? key.startsWith(p) : key.equals(p);
    return NEEDED.stream().anyMatch(covers);
  }

  private static List<ConfigOption<?>> collect(List<Class<?>> groups) {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (Class<?> group : groups) {
      for (Field field : group.getFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
          try {
            options.add((ConfigOption<?>) field.get(null));
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
    return options;
  }
}
