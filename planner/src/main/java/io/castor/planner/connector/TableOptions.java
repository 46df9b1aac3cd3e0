package io.castor.planner.connector;

import io.castor.planner.PlanException;
import io.castor.planner.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

/**
 * The options of one table, checked against the option files: every key known, every required one
 * there, every value of its type. Errors name the key, so that its place in the DDL can be shown.
 */
final class TableOptions {

  private final Map<String, String> written;
  private final List<OptionSpec> known = new ArrayList<>();
  private final ConnectorSpec connector;
  private FormatSpec format;

  private TableOptions(Map<String, String> written, ConnectorSpec connector) {
    this.written = written;
    this.connector = connector;
  }

  /**
   * @param side source or sink
   */
  static TableOptions check(
      SpecRegistry registry, String table, Map<String, String> written, String side) {
    String name = written.get("connector");
    if (name == null) {
      throw new PlanException(
              "Table " + table + " has no 'connector' option.",
              "Say in its WITH clause where the data is: 'connector' = '...'.")
          .inTable(table, null);
    }
    try {
      TableOptions options = new TableOptions(written, registry.connector(name));
      options.readFormat(registry, table);
      options.collectKnown(registry);
      options.checkKeys(table);
      options.checkValues(table, side);
      return options;
    } catch (PlanException e) {
      throw e.tableIdentifier() != null ? e : e.inTable(table, "connector");
    }
  }

  ConnectorSpec connector() {
    return connector;
  }

  FormatSpec format() {
    return format;
  }

  /** The value as written or its default; null if neither exists. */
  String get(String key) {
    for (OptionSpec option : known) {
      if (option.matches(key)) {
        return value(option, key);
      }
    }
    throw new IllegalArgumentException("No option " + key + " in " + connector.name());
  }

  private String value(OptionSpec option, String key) {
    if (written.containsKey(key)) {
      return written.get(key);
    }
    return option.fallbackKeys().stream()
        .filter(written::containsKey)
        .findFirst()
        .map(written::get)
        .orElse(option.defaultValue());
  }

  private void readFormat(SpecRegistry registry, String table) {
    String name = written.get("format");
    if (connector.formats().isEmpty() || name == null) {
      return;
    }
    try {
      format = registry.format(connector, name);
    } catch (PlanException e) {
      throw e.inTable(table, "format");
    }
  }

  private void collectKnown(SpecRegistry registry) {
    registry.commonOptions().stream()
        .filter(option -> format != null || !option.needsFormat())
        .forEach(known::add);
    known.addAll(connector.options());
    if (format != null) {
      format.options().forEach(o -> known.add(o.withPrefix(format.name() + ".")));
    }
  }

  private void checkKeys(String table) {
    for (String key : written.keySet()) {
      boolean passedOn =
          format != null && format.takesOtherOptions() && key.startsWith(format.name() + ".");
      if (!passedOn && known.stream().noneMatch(o -> o.matches(key))) {
        List<String> candidates = known.stream().map(OptionSpec::key).toList();
        throw new PlanException(
                "Unknown option '" + key + "' for connector '" + connector.name() + "'.",
                Suggestions.hint(key, candidates, "options"))
            .inTable(table, key);
      }
    }
  }

  private void checkValues(String table, String side) {
    for (OptionSpec option : known) {
      if (option.required() && option.usedBy(side) && value(option, option.key()) == null) {
        throw new PlanException(
                "Option '" + option.key() + "' is missing.",
                "Connector '" + connector.name() + "' needs '" + option.key() + "' = '...'.")
            .inTable(table, null);
      }
    }
    Map<String, OptionSpec> byKey = new LinkedHashMap<>();
    written
        .keySet()
        .forEach(key -> known.stream().filter(o -> o.matches(key)).forEach(o -> byKey.put(key, o)));
    byKey.forEach((key, option) -> checkValue(table, key, option, written.get(key)));
  }

  private static void checkValue(String table, String key, OptionSpec option, String value) {
    try {
      boolean valid =
          switch (option.type()) {
            case "boolean" -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
            case "enum" -> option.values().stream().anyMatch(v -> sameName(v, value));
            case "int" -> Integer.valueOf(value) != null;
            case "long" -> Long.valueOf(value) != null;
            case "float", "double" -> !Double.isNaN(Double.parseDouble(value));
            case "duration" -> TimeUtils.parseDuration(value) != null;
            case "memory" -> MemorySize.parse(value) != null;
            default -> true;
          };
      if (!valid) {
        throw new IllegalArgumentException(value);
      }
    } catch (IllegalArgumentException e) {
      throw new PlanException(
              "Option '" + key + "' cannot be '" + value + "'.", "Write " + expected(option) + ".")
          .inTable(table, key);
    }
  }

  /** Flink's enum options ignore case, and take the constant's name for its value. */
  private static boolean sameName(String a, String b) {
    return normal(a).equals(normal(b));
  }

  private static String normal(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String expected(OptionSpec option) {
    return switch (option.type()) {
      case "boolean" -> "true or false";
      case "enum" -> "one of " + String.join(", ", option.values());
      case "int", "long" -> "a whole number";
      case "float", "double" -> "a number";
      case "duration" -> "a duration, as '10 s'";
      case "memory" -> "a size, as '64 mb'";
      default -> "a " + option.type();
    };
  }
}
